"""The same statistics once more, as slowly and literally as the definitions are written: fractions, lists, loops.

A table is a list of attempts, each a list of marks as Fraction, or None where the item was not met. Nothing here is
shared with the product. Only roots are taken in floating point, at the very end.
"""

from fractions import Fraction
from math import sqrt


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def covariance(one, other):
    """Over s − 1."""
    a, b = mean(one), mean(other)
    return sum(((x - a) * (y - b) for x, y in zip(one, other, strict=True)), Fraction(0)) / (len(one) - 1)


def totals(table):
    return [sum((mark for mark in row if mark is not None), Fraction(0)) for row in table]


def met(table, item):
    return [at for at, row in enumerate(table) if row[item] is not None]


def marks_and_rests(table, item, drawn):
    """x and r of the attempts that met an item: r is T − x, of a drawn one T."""
    whole, rows = totals(table), met(table, item)
    x = [table[at][item] for at in rows]
    return x, [whole[at] if drawn else whole[at] - table[at][item] for at in rows]


def discrimination(table, item, drawn=False):
    x, r = marks_and_rests(table, item, drawn)
    if len(x) < 2 or covariance(x, x) == 0 or covariance(r, r) == 0:
        return None
    return float(covariance(x, r)) / sqrt(covariance(x, x) * covariance(r, r))


def efficiency(table, item, drawn=False):
    x, r = marks_and_rests(table, item, drawn)
    if len(x) < 2:
        return None
    most = covariance(sorted(x), sorted(r))
    return float(covariance(x, r) / most) if most else None


def with_total(table, item):
    whole, rows = totals(table), met(table, item)
    return covariance([table[at][item] for at in rows], [whole[at] for at in rows])


def places(table, drawn):
    """The marks at each place: a fixed item is one; an attempt's first, second … drawn item stand at further ones."""
    columns = [[row[at] for row in table] for at in range(len(drawn)) if not drawn[at]]
    lots = [[row[at] for at in range(len(drawn)) if drawn[at] and row[at] is not None] for row in table]
    if len({len(lot) for lot in lots}) != 1:
        return None
    return columns + [list(column) for column in zip(*lots, strict=True)]


def effective_weights(table, drawn):
    """By item; none of a drawn one."""
    whole, columns = totals(table), places(table, drawn)
    covariances = [covariance(column, whole) for column in columns]
    roots = sum(sqrt(one) for one in covariances if one >= 0)
    found = []
    for item in range(len(drawn)):
        own = None if drawn[item] else with_total(table, item)
        found.append(sqrt(own) / roots if own is not None and own >= 0 and roots else None)
    return found


def consistency(columns, whole):
    p, k2 = len(columns), covariance(whole, whole)
    if p < 2 or k2 == 0:
        return None
    return Fraction(p, p - 1) * (1 - sum(covariance(column, column) for column in columns) / k2)


def central(values, power):
    m = mean(values)
    return mean([(value - m) ** power for value in values])


def skewness(whole):
    s = len(whole)
    k2 = Fraction(s, s - 1) * central(whole, 2)
    k3 = Fraction(s**2, (s - 1) * (s - 2)) * central(whole, 3)
    return float(k3) / float(k2) ** 1.5


def kurtosis(whole):
    s = len(whole)
    m2, m4 = central(whole, 2), central(whole, 4)
    k2 = Fraction(s, s - 1) * m2
    k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
    return float(k4 / k2**2)


def kr20(table):
    """Of marks that are 0 or 1: k/(k−1)·(1 − Σp(1−p)/σ²), σ² over s."""
    k, s = len(table[0]), len(table)
    whole = totals(table)
    variance = central(whole, 2)
    if k < 2 or not variance:
        return None
    shares = [sum(row[at] for row in table) / Fraction(s) for at in range(k)]
    return float(Fraction(k, k - 1) * (1 - sum(p * (1 - p) for p in shares) / variance))


def biserial(chosen, rest):
    """(M₁ − M₀)/σ · √(p(1 − p)), σ over s: the textbook's formula."""
    ones = [value for value, yes in zip(rest, chosen, strict=True) if yes]
    zeros = [value for value, yes in zip(rest, chosen, strict=True) if not yes]
    if not ones or not zeros or not central(rest, 2):
        return None
    p = Fraction(len(ones), len(rest))
    return float(mean(ones) - mean(zeros)) / sqrt(central(rest, 2)) * sqrt(p * (1 - p))
