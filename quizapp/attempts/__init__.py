"""The answer sheet: start, save, hand in, time, receipt, marks. The contract is docs/exam-protocol.md."""
