"""The shapes of service records, awards and bags."""

from __future__ import annotations

from community.volunteering.rules.kinds import DeedKind
from community.web.fields import OnDay, OneOf, Shape, Ticked, Whole, Words

MOST_POINTS = 10_000


class Record(Shape):
    """Whose record, of which days; the consent is asked when it is not one's own."""

    person_id = Whole(minimum=1, required=True)
    from_day = OnDay(required=True)
    until_day = OnDay(required=True)
    organising_unit = Words(longest=60, load_default="")
    consent_words = Words(longest=200, load_default="")


class Sealing(Shape):
    """Who is in charge at the organisation that seals."""

    person_in_charge = Words(required=True, longest=60)


class Because(Shape):
    """Why something is stopped, refused or taken back."""

    reason = Words(required=True, longest=200)


class Deed(Shape):
    """A good deed put forward."""

    person_id = Whole(minimum=1, required=True)
    kind = OneOf(DeedKind, required=True)
    happened_on = OnDay(required=True)
    points = Whole(minimum=1, maximum=MOST_POINTS, required=True)
    reason = Words(required=True, shortest=4, longest=200)


class DeedRefusal(Shape):
    """Why a good deed earns nothing."""

    answer = Words(required=True, longest=200)


class Station(Shape):
    """A bin station."""

    name = Words(required=True, longest=40)
    place = Words(required=True, longest=80)


class Drop(Shape):
    """A bag: whose card, and whether it was sorted right."""

    card_code = Words(required=True, longest=200)
    is_right = Ticked()
