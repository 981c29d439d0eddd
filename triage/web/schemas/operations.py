"""State of the service: health, readiness, and the models that answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class HealthResponse(BaseModel):
    status: Literal["alive"]


class ReadyResponse(BaseModel):
    """Requests are answered; `missing` says which part cannot, and why."""

    status: Literal["ready"]
    bundle: str | None = Field(description="the trained bundle that answers")
    index: str | None = Field(description="the article index that answers")
    missing: dict[str, str] = Field(description="part (bundle, articles, store) = why it cannot answer now")
    refused: str | None = Field(
        description="why the bundle that was made current last is not used, and an earlier one still answers"
    )


class ThresholdResponse(BaseModel):
    """Thresholds of a field: the confidence from which it is applied or suggested; null means never."""

    apply: float | None
    suggest: float | None
    reason: str


class ValueThresholdResponse(BaseModel):
    """Threshold of some values, in place of their field's."""

    kind: Literal["class", "raise", "lower"]
    values: list[str]
    apply: float | None
    reason: str


class ModelFieldResponse(BaseModel):
    kind: Literal["choice", "child", "ordinal", "tags"]
    parent: str | None
    values: list[str] = Field(description="the values that can be predicted")
    thresholds: ThresholdResponse
    value_thresholds: list[ValueThresholdResponse]
    metrics: dict[str, float | None] = Field(
        description="measured on the calibration set; empty where there were too few"
    )
    bars: ThresholdResponse = Field(deprecated=True, description="read `thresholds` instead")
    own_bars: list[ValueThresholdResponse] = Field(
        deprecated=True, description="read `value_thresholds` instead"
    )


class BundleResponse(BaseModel):
    """Result of one training run."""

    id: str
    tickets: int = Field(description="how many it was trained on")
    held_out: int = Field(description="how many of them its thresholds and metrics were found on")
    first_ticket: str | None
    last_ticket: str | None
    languages: dict[str, int] = Field(description="language = how many tickets")
    fields: dict[str, ModelFieldResponse]
    warnings: list[str]


class PromotionResponse(BaseModel):
    id: str
    is_there: bool = Field(description="its folder still exists, so it can be made current again")


class IndexResponse(BaseModel):
    id: str
    articles: int = Field(description="how many can be found now, changes since included")
    layout: str = Field(description="how the passages' vectors are laid out, and why")


class ModelsResponse(BaseModel):
    """Encoder, bundle and index that answer now."""

    encoder: str
    second_encoder: str | None
    bundle: BundleResponse | None
    refused: str | None = Field(description="as in /readyz")
    history: list[PromotionResponse] = Field(
        description="what was made current, the latest first; at most 50"
    )
    index: IndexResponse | None
    missing: dict[str, str] = Field(description="part = why it cannot answer now")
