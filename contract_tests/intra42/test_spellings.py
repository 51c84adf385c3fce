"""Instants, and users of digits, as a service has them."""

from datetime import UTC, timedelta

from fake_server.contract import Target, behaviour, expect, need

from .helpers import SLOTS, Record, ids, known_ids, listed, moment, page, window, within

USERS = "/v2/users"


def _a_second(target: Target) -> tuple[list[Record], Record]:
    """Return the records of the window and one that begins amid them, at a whole minute."""
    _, records = window(target, SLOTS)
    usable = [entry for entry in records if moment(entry["begin_at"]).timestamp() % 60 == 0]
    need(usable, "a slot that begins at a whole minute")
    usable.sort(key=lambda entry: moment(entry["begin_at"]))
    return records, usable[len(usable) // 2]


def _expect_read_as(target: Target, texts: list[str], slot: Record, records: list[Record]) -> None:
    """Assert that a filter and a range read texts as the time at which a record begins."""
    begin = moment(slot["begin_at"])
    same = known_ids([each for each in records if moment(each["begin_at"]) == begin])
    later = known_ids([each for each in records if moment(each["begin_at"]) >= begin])
    need(len(same) < len(later) < len(records), "slots that begin earlier and later")
    for text in texts:
        for params, expected in (
            ({"filter[begin_at]": text}, same),
            ({"range[begin_at]": f"{text},2199-01-01"}, later),
        ):
            expect(f"slots with {params}", expected, known_ids(within(target, SLOTS, **params)))


@behaviour("intra42.filter.spelling")
def test_a_begin_is_spelled_in_many_ways(intra42: Target) -> None:
    records, slot = _a_second(intra42)
    at = moment(slot["begin_at"]).astimezone(UTC)
    east = at + timedelta(hours=2)
    texts = [
        f"{at.year}-{at.month}-{at.day}T{at.hour}:{at:%M:%S}.000Z",
        f"{at:%Y-%m-%d %H:%M:%S} UTC",
        f"{at:%Y-%m-%dT%H:%M} GMT",
        f"{at:%Y-%m-%d %H:%M:%S} +0000",
        f"{east:%Y-%m-%d %H:%M:%S} +0200",
        f"{east:%Y-%m-%dT%H:%M:%S}+02",
    ]
    _expect_read_as(intra42, texts, slot, records)


@behaviour("intra42.filter.lost_plus")
def test_a_begin_whose_offset_lost_its_sign(intra42: Target) -> None:
    records, slot = _a_second(intra42)
    at = moment(slot["begin_at"]).astimezone(UTC)
    texts = [f"{at:%Y-%m-%dT%H:%M:%S} {offset}" for offset in ("00:00", "02:00")]
    _expect_read_as(intra42, texts, slot, records)


@behaviour("intra42.lists.parent_by_number")
def test_digits_are_an_id_before_a_login(intra42: Target) -> None:
    logins = listed(intra42, USERS, {"range[login]": "0,:", "sort": "-id", "per_page": 100})
    users = [user for user in logins if user["login"].isdigit()][:3]
    need(users, "a user whose login is of digits")
    shown = 0
    for user in users:
        known = ids(listed(intra42, USERS, {"filter[id]": user["login"]}))
        number = known[0] if known else user["id"]
        path = f"/v2/users/{user['login']}/campus_users"
        owners = {record["user_id"] for record in page(intra42, path).json}
        shown += bool(owners)
        expect(f"whose records {path} has", owners and {number}, owners)
    need(shown, "a record at a campus of a user whose login is of digits")
