"""Small integer programs, solved by HiGHS in one thread: the same program gives the same answer.

Limits are counted in nodes and never in seconds, since a clock would make the answer a matter of luck. A stop from
outside is possible; what was stopped has no answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
INFINITY = highspy.kHighsInf
NODES = 5000  # branch-and-bound nodes after which a program is given up with the best bound so far
_AGREES = 1e-6  # by how much the cost that HiGHS tells and that of its solution may differ, as a share


class Undecided(Exception):
    """Stopped from outside, or neither a solution nor a proof within the nodes allowed."""


class _Silent(highspy.Highs):  # the banner comes with the first callback, before anybody could say silent()
    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()
        super().enableCallbacks()


@dataclass(frozen=True)
class Solved:
    """values: one for each column. bound: no solution costs less. Without values the program has no solution."""

    values: Values | None
    cost: float = INFINITY
    bound: float = INFINITY
    prices: Values | None = None  # of a relaxed program: what one more at each row's bound costs


@dataclass
class Program:
    """Minimise the costs of bounded columns under bounded rows."""

    costs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lows: list[float] = field(default_factory=list)
    row_highs: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def column(self, low: float, high: float, cost: float = 0.0, *, whole: bool = True) -> int:
        """A new variable; its index."""
        self.costs.append(cost)
        self.lows.append(low)
        self.highs.append(high)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, low: float, high: float, terms: Iterable[tuple[int, float]]) -> int:
        """low ≤ Σ weight·column ≤ high, no column twice; its index."""
        self.starts.append(len(self.columns))
        self.row_lows.append(low)
        self.row_highs.append(high)
        for column, weight in terms:
            self.columns.append(column)
            self.weights.append(weight)
        return len(self.starts) - 1

    def solve(
        self,
        *,
        nodes: int = NODES,
        stop: Callable[[], bool] | None = None,
        relaxed: bool = False,
    ) -> Solved:
        """The cheapest solution, or the best one after `nodes`. Raises Undecided.

        relaxed: whole columns may be fractions.
        """
        if not self.costs:
            empty = all(low <= 0 <= high for low, high in zip(self.row_lows, self.row_highs, strict=True))
            return Solved(np.zeros(0), 0.0, 0.0) if empty else Solved(None)
        solver = _Silent()
        for name, value in (
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 0),
            ("mip_max_nodes", nodes),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-6),
        ):
            solver.setOptionValue(name, value)
        if stop is not None:
            solver.cbMipInterrupt += lambda event: event.interrupt(stop())
        solver.passModel(self._model(relaxed))
        solver.run()
        return self._read(solver, relaxed)

    def _model(self, relaxed: bool) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.row_lows)
        model.col_cost_ = np.array(self.costs, float)
        model.col_lower_, model.col_upper_ = np.array(self.lows, float), np.array(self.highs, float)
        model.row_lower_, model.row_upper_ = np.array(self.row_lows, float), np.array(self.row_highs, float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.num_col_, model.a_matrix_.num_row_ = model.num_col_, model.num_row_
        model.a_matrix_.start_ = np.array([*self.starts, len(self.columns)], np.int32)
        model.a_matrix_.index_ = np.array(self.columns, np.int32)
        model.a_matrix_.value_ = np.array(self.weights, float)
        if any(self.whole) and not relaxed:
            kinds = highspy.HighsVarType
            model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return model

    def _read(self, solver: highspy.Highs, relaxed: bool) -> Solved:
        status, info = solver.getModelStatus(), solver.getInfo()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return Solved(None)
        ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if not found or not ended:
            raise Undecided(solver.modelStatusToString(status))
        values, cost = np.array(solver.getSolution().col_value), info.objective_function_value
        if abs(float(np.dot(self.costs, values)) - cost) > _AGREES * max(1.0, abs(cost)):
            raise Undecided(f"the solution does not cost {cost}")  # as HiGHS 1.16 did when given a start
        if relaxed or not any(self.whole):
            return Solved(values, cost, cost, np.array(solver.getSolution().row_dual))
        values[self.whole] = np.round(values[self.whole])
        return Solved(values, cost, info.mip_dual_bound)
