"""A credential that is no longer accepted stops one connection, asks once, and costs no order."""

from hub.engine.deciding import Decided, decide
from tests.engine.conftest import Bench
from tests.engine.test_runs import FOUR_CALLS


async def test_many_orders_meet_a_bad_credential_one_case_is_opened_and_all_go_on_when_it_is_mended(
    bench: Bench,
) -> None:
    await bench.publish(FOUR_CALLS)
    bench.service.refuses_all = True
    for number in (1, 2, 3):
        await bench.order(number)

    (case,) = await bench.floor.open_cases()
    assert case["kind"] == "connection-unauthorised"
    assert [r["ended_at"] for r in await bench.floor.runs()] == [None, None, None]

    bench.service.refuses_all = False
    async with bench.floor.hub.database.transaction() as connection:
        said = Decided(case["id"], case["version"], "try-again", "ada")
        await decide(connection, bench.floor.hub.world, bench.floor.hub.vault, said, bench.floor.now)
    await bench.floor.let_pass(seconds=1)

    assert all(r["ended_at"] for r in await bench.floor.runs())
    assert len(bench.service.received) == 12
