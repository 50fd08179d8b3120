"""Per message the condition it may be said under, reckoned from the raw records and not by the rules.

Each method of `Claims` has the name of a message and takes what the message says; it tells whether that is true.
"""

from __future__ import annotations

from tests.billing.claims.changes import ChangeClaims
from tests.billing.claims.coverage import OLD_AFTER_DAYS, CoverageClaims
from tests.billing.claims.invoices import InvoiceClaims
from tests.billing.claims.licences import LicenceClaims
from tests.billing.claims.own_bill import OwnBillClaims
from tests.billing.claims.payments import PaymentClaims
from tests.billing.claims.recorded import RecordedClaims

__all__ = ["OLD_AFTER_DAYS", "Claims"]


class Claims(LicenceClaims, ChangeClaims, InvoiceClaims, PaymentClaims, OwnBillClaims, RecordedClaims, CoverageClaims):
    """Every message's claim."""
