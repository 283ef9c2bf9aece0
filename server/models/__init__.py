"""Tables: columns, constraints, relationships; nothing else."""

from server.models.ledger import CollectionAccount, LedgerEntry
from server.models.links import WechatLink
from server.models.messages import HandMessage
from server.models.notices import Attempt, Delivery, Grant, Notice, NoticeCause, TelephoneCall, VendorEvent
from server.models.people import Account, Candidate, PhoneCode, SignIn, Upload
from server.models.records import AuditEntry, IdempotencyKey, JobRun, LimitHit, WechatToken
from server.models.registrations import (
    FormSignature,
    Postponement,
    Registration,
    RegistrationMove,
    RegistrationUpload,
    Review,
)
from server.models.sittings import CalendarDay, CalendarYear, RulebookEdition, Sitting
from server.models.tickets import Ticket
from server.models.turnout import TurnoutCounted, TurnoutDecision, TurnoutWait

__all__ = [
    "Account",
    "Attempt",
    "AuditEntry",
    "CalendarDay",
    "CalendarYear",
    "Candidate",
    "CollectionAccount",
    "Delivery",
    "FormSignature",
    "Grant",
    "HandMessage",
    "IdempotencyKey",
    "JobRun",
    "LedgerEntry",
    "LimitHit",
    "Notice",
    "NoticeCause",
    "PhoneCode",
    "Postponement",
    "Registration",
    "RegistrationMove",
    "RegistrationUpload",
    "Review",
    "RulebookEdition",
    "SignIn",
    "Sitting",
    "TelephoneCall",
    "Ticket",
    "TurnoutCounted",
    "TurnoutDecision",
    "TurnoutWait",
    "Upload",
    "VendorEvent",
    "WechatLink",
    "WechatToken",
]
