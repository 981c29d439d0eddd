"""Reports of training and evaluation, as tables for people and as JSON data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from models.bundle import Bundle
from models.wording import noun_after
from training.fitting.field_report import FieldReport
from training.fitting.promotion import StoredBundle
from training.metrics import FieldEvaluation, FieldMetrics

_HEADER = (
    "field",
    "values",
    "tickets",
    "accuracy",
    "majority",
    "F1",
    "top 3",
    "cal. error",
    "applied",
    "wrong",
)

_MAJORITY = 3  # its place in a row of an evaluation, which has no number of values


def gate_failures(stored: StoredBundle) -> dict[str, str]:
    """Return why the bundle was not made current; empty when it was."""
    return {} if stored.is_current else stored.regressions


def report_table(stored: StoredBundle) -> str:
    """Return the training report as text: a table, then a line for each threshold."""
    trained = stored.trained
    how = "later ones" if trained.folds[0].by_time else "stratified folds"
    tickets = trained.bundle.metadata["tickets"]
    rows = [_HEADER, *(_row(report) for report in trained.reports if report.metrics)]
    lines = [
        f"trained on {tickets} {noun_after(tickets, 'ticket')}; "
        f"measured on {trained.held_out} of them ({how}), "
        "each predicted by a model that was not trained on it",
        *trained.copies.lines(),
        "",
        align_rows(rows),
        "",
        *(line for report in trained.reports for line in _threshold_lines(report)),
        "",
        "accuracy by the number of training tickets:",
        *(_learning_curve(report) for report in trained.reports if report.curve.points),
        "",
    ]
    lines += [*_second_encoder(trained.bundle), *_estimators(trained.bundle)]
    if stored.is_current:
        lines.append(f"bundle {stored.bundle_id} is current")
    else:
        worse = "; ".join(f"{name} {why}" for name, why in stored.regressions.items())
        lines.append(
            f"bundle {stored.bundle_id} is stored but NOT current: {worse}. "
            f"If that is meant, run `triage promote {stored.bundle_id}`."
        )
    return "\n".join(lines)


def _second_encoder(bundle: Bundle) -> list[str]:
    if bundle.second is None:
        return []
    gaining = ", ".join(
        name for name, model in bundle.models.items() if model.hyperparameters.second_embedding_weight
    )
    return [f"the second encoder {bundle.second.name} joins for: {gaining}", ""]


def _estimators(bundle: Bundle) -> list[str]:
    chosen = {name: model.hyperparameters.estimator for name, model in bundle.models.items()}
    lines = [f"{name} has the estimator {spec}" for name, spec in chosen.items() if spec]
    return [*lines, ""] if lines else []


def report_data(stored: StoredBundle) -> dict[str, Any]:
    """Return the training report as JSON data."""
    trained = stored.trained
    return {
        "bundle": stored.bundle_id,
        "current": stored.is_current,
        "regressions": stored.regressions,
        "losses": stored.regressions,  # deprecated name, kept for one version
        "tickets": trained.bundle.metadata["tickets"],
        "held_out": trained.held_out,
        "held_out_by_time": trained.folds[0].by_time,
        "copies": trained.copies.as_dict(),
        "second_encoder": trained.bundle.second.name if trained.bundle.second else None,
        "fields": {r.name: _report_data(r) for r in trained.reports},
        "warnings": trained.warnings,
    }


def evaluation_tables(evaluations: Mapping[str, FieldEvaluation]) -> str:
    """Return an evaluation as text: one table over all tickets, then each field by class, language, month."""
    if not evaluations:
        return "no ticket carries a label of a field that the bundle predicts"
    parts = [
        align_rows([_HEADER[:1] + _HEADER[2:], *(_metrics_row(n, e.overall) for n, e in evaluations.items())])
    ]
    for name, evaluation in evaluations.items():
        for group, metrics in evaluation.by.items():
            rows = [(group, *_HEADER[2:]), *(_metrics_row(key, m) for key, m in metrics.items())]
            if group == "class":  # within one class, the most frequent value is always right
                rows = [(*row[:_MAJORITY], *row[_MAJORITY + 1 :]) for row in rows]
            parts.append(f"{name} by {group}\n" + align_rows(rows))
    return "\n\n".join(parts)


def _threshold_lines(report: FieldReport) -> list[str]:
    if report.skipped:
        return [f"{report.name}: left out: {report.skipped}"]
    thresholds = report.thresholds
    if thresholds is None:
        return [f"{report.name}: no threshold"]
    lines = [f"{report.name}: {_threshold(thresholds.apply, thresholds.reason)}"]
    for own in thresholds.by_value:
        which = own.kind if own.kind != "class" else "value"
        lines.append(f"{report.name}, {which} {', '.join(own.values)}: {_threshold(own.apply, own.reason)}")
    return lines


def _learning_curve(report: FieldReport) -> str:
    points = ", ".join(f"{a:.3f} from {n}" for n, a in report.curve.points)
    doubled = report.curve.doubled
    return f"{report.name}: {points}" + (f"; twice as many would give about {doubled:.3f}" if doubled else "")


def _threshold(apply: float | None, reason: str) -> str:
    return reason if apply is None else f"applied from {apply:.1%}: {reason}"


def _report_data(report: FieldReport) -> dict[str, Any]:
    thresholds = report.thresholds
    own = [asdict(one) for one in thresholds.by_value] if thresholds else []
    return {
        "kind": report.kind,
        "values": report.values,
        "learnt_from": report.learnt_from,
        "skipped": report.skipped,
        "metrics": report.metrics.as_dict() if report.metrics else None,
        "learning_curve": [{"tickets": n, "accuracy": round(a, 4)} for n, a in report.curve.points],
        "accuracy_with_twice_as_many": report.curve.doubled,
        "apply_from": thresholds.apply if thresholds else None,
        "suggest_from": thresholds.suggest if thresholds else None,
        "reason": thresholds.reason if thresholds else None,
        "value_thresholds": own,
        "own_bars": own,  # deprecated name, kept for one version
    }


def _row(report: FieldReport) -> tuple[str, ...]:
    if report.metrics is None:
        return (report.name, str(report.values))
    name, *rest = _metrics_row(report.name, report.metrics)
    return (name, str(report.values), *rest)


def _metrics_row(name: str, m: FieldMetrics) -> tuple[str, ...]:
    wrong = "–" if m.applied_error is None else f"{m.applied_error:.1%}"
    shares = (m.accuracy, m.majority, m.f1, m.top3, m.calibration_error)
    return (name, str(m.tickets), *(f"{share:.3f}" for share in shares), f"{m.coverage:.1%}", wrong)


def align_rows(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines whose columns are aligned, the first to the left and the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    aligned = (
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in aligned)
