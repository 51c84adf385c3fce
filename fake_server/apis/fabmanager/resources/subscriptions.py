"""Subscriptions of users to plans."""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, instant_of, milliseconds
from fake_server.api.records import DatasetPath, PinnedRecord, RecordError, Tables, instant_in
from fake_server.apis.fabmanager.dialect.storied import StoriedResource

_USUAL_DAYS = 30


class _Subscriptions(StoriedResource):
    name = "subscriptions"

    def most(self, tables: Tables) -> int:
        from fake_server.apis.fabmanager.invention.subscribers import subscription_count

        return subscription_count(tables)

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.subscribers import subscription

        return subscription(number, tables)

    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """See `StoriedResource`. Without offered days it lasts 30 days."""
        created = instant_in(record, "created_at", milliseconds(tables.inputs.start))
        ends = [instant_of(days["end_at"]) for days in record.get("offer_days") or ()]
        return {
            "created_at": created,
            "canceled_at": None,
            "plan_id": None,
            "user_id": None,
            "expiration_date": max(ends, default=created + _USUAL_DAYS * DAY),
            "offer_days": None,
        }

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` unless the last of the offered days ends with the subscription."""
        offered = record.get("offer_days")
        if offered and "expiration_date" in record:
            last = max(instant_of(days["end_at"]) for days in offered)
            if last != instant_of(record["expiration_date"]):
                raise RecordError((*path, "expiration_date"), "is not the end of offer_days")


resource = _Subscriptions()
