"""An exam on paper: papers, answer cards and keys as Word and PDF, and the results of a sitting from a spreadsheet.

Pure: what is printed comes in as `sheets.Printed`, what is made goes out as bytes.
"""
