"""The queue between collect and detect: pages that wait in the ledger, or on a Kafka topic."""

from pipelines.intake.opening import intake_of, shared_intake
from pipelines.intake.protocol import Batch, Intake

__all__ = ["Batch", "Intake", "intake_of", "shared_intake"]
