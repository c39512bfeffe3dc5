"""Three days without anybody, and a worker that dies every ten minutes."""

from datetime import timedelta

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.test_peak import street
from tests.acceptance.test_stalled_crash import dies
from tests.acceptance.test_waiting import BEACON

DAYS_3 = timedelta(hours=72)
FAULTY = 25
"""One order in so many lacks its apartment number."""
POINTS = ("step_committed", "batch_committed")


@pytest.mark.row("S1-007")
async def test_nobody_does_anything_for_three_days_and_every_ten_minutes_a_worker_is_gone_for_good(
    brand: Brand,
) -> None:
    brand.floor.unrationed()
    ends, deaths = brand.floor.now + DAYS_3, 0
    sold: dict[str, bool] = {}
    while brand.floor.now < ends:
        number, is_faulty = str(5000 + len(sold)), len(sold) % FAULTY == FAULTY - 1
        sold[number] = is_faulty
        where = BEACON if is_faulty else street(len(sold))
        await brand.tell(brand.place(name=f"#{number}", shipping_address=where))
        await dies(brand, POINTS[deaths % 2], 1)
        deaths += 1
        await brand.pass_by(minutes=10)
    await brand.pass_by(hours=3)

    bought = [number for _, number in brand.bought()]
    assert deaths >= 72 * 6 * 0.95
    assert len(bought) == len(set(bought)), "none twice"
    assert set(bought) == {number for number, is_faulty in sold.items() if not is_faulty}, "none lost"
    asked = {case["subject"] for case in await brand.floor.open_cases()}
    assert {number for number, is_faulty in sold.items() if is_faulty} <= asked
    idle = await brand.floor.rows(
        "select subject from runs where ended_at is null and flow in ('filter', 'assign', 'route')"
    )
    assert {row["subject"] for row in idle} <= asked, "nothing stands still without somebody being asked"
