"""One warning through the whole house, in one process. Read this file first.

Two people agree on a drill plan, which arms the receivers; then on the alert itself. It leaves as signed CAP by
ground and by the wide band, and as coded frames by satellite. Sites hear one or more, act once, and tell what they did.
"""

from datetime import timedelta

from satwarn.app.exercise import alert_of, plan_of_drill, report_of
from satwarn.app.system import House
from satwarn.authority.desk import Issued


def journey(house: House) -> Issued:
    """Run the house's scenario from the first draft to the last receipt, and return the alert that was issued."""
    times, scenario = house.scenario.times, house.scenario

    house.draft(plan_of_drill(scenario), "plan")
    house.wait_until(times.begins + timedelta(seconds=5))
    house.submit("plan")
    house.wait_until(times.begins + timedelta(seconds=15))
    house.approve("plan")
    plan = house.issue("plan")
    if house.settings.plans_travel:
        house.send(plan)
        house.bring_where_cut(plan)
    else:
        house.bring_by_hand(plan)
        house.remark("The ground path is off: the signed drill plan was brought to every site beforehand.")

    house.wait_until(times.issue - timedelta(seconds=90))
    house.draft(alert_of(scenario), "alert")
    house.submit("alert")
    house.wait_until(times.issue - timedelta(seconds=30))
    house.approve("alert")

    house.wait_until(times.issue)
    alert = house.issue("alert")
    house.send(alert, report=report_of(scenario))

    house.wait_until(times.ends)
    house.close()
    if not house.settings.ground:
        house.collect()
        house.remark("The ground path was off: receipts were collected from the sites after the drill.")
    house.remark_on_cuts()
    house.settle(times.ends + timedelta(minutes=5))
    return alert
