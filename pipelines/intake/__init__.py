"""The queue between collect and detect: pages that wait in the ledger, or on a Kafka topic."""

from pipelines.intake.opening import arrivals_of, intake_of, shared_intake, stored_page
from pipelines.intake.protocol import Arrivals, Batch, Intake

__all__ = ["Arrivals", "Batch", "Intake", "arrivals_of", "intake_of", "shared_intake", "stored_page"]
