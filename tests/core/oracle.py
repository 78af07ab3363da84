"""A second reading of FRAMEWORK.md, sections 3 to 5, from plain values: slow, flat, and sharing nothing with the core.

Where the two disagree, one of them misread the page.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

V = dict[str, Any]
F = Fraction


def result(fw: V, doc: V, sha256: str) -> V:
    """Return the published result of an answers file, computed the long way."""
    profile = doc.get("profile", {})
    given = {key: value if isinstance(value, dict) else {"value": value} for key, value in doc["answers"].items()}
    base = scores(fw, profile, given)
    missing = [q for q, v in base["value"].items() if v is None]
    level = base["level"]
    strong = [c for n in (4, 3) for c in by_score([c for c in level if level[c] == n], base)]
    left = by_score([c for c in level if c not in strong and base["score"][c] and base["score"][c] > 0], base)
    alerts = [{"rule": r["id"], "criterion": r["alert"]} for r in base["firing"] if "alert" in r]
    plan, later = planned(fw, profile, given, base, [alert["criterion"] for alert in alerts])
    top = base["overall"]
    return {
        "framework": {"id": fw["framework"]["id"], "version": fw["framework"]["version"], "sha256": sha256},
        "complete": missing == [],
        "missing": missing,
        "overall": {
            "score": None if top["flag"] == "hidden" else r1(top["raw"]),
            **{key: r1(top[key]) for key in ("low", "high", "unknown_share")},
            "flag": top["flag"],
            **stage(fw, base),
            "poor_fit": poor_fit(fw, base),
        },
        "dimensions": [dimension(d, base) for d in fw["dimensions"]],
        "strengths": strong,
        "footholds": left[: max(0, 2 - len(strong))],
        "to_check": [q for q, v in base["value"].items() if v in (None, "unknown")],
        "to_confirm": [q for q, v in base["value"].items() if v in (3, 4) and not given[q].get("evidence", "").strip()],
        "alerts": alerts,
        "rules": [r["id"] for r in base["firing"]],
        "plan": plan,
        "later": later,
    }


def criteria(fw: V) -> list[V]:
    return [c for d in fw["dimensions"] for c in d["criteria"]]


def met(condition: V, profile: V, given: V) -> bool:
    for key, wanted in condition.items():
        answer = given[key]["value"] if key in given else profile.get(key)
        answers = answer if isinstance(answer, list) else [answer]
        if not any(a is not None and a in wanted for a in answers):
            return False
    return True


def scores(fw: V, profile: V, given: V, firing: list[V] | None = None) -> V:
    firing = (
        firing
        if firing is not None
        else [
            r
            for r in fw["rules"]
            if met(r["when"], profile, given) and not ("unless" in r and met(r["unless"], profile, given))
        ]
    )
    rule = {}
    for r in reversed(firing):
        rule.update(dict.fromkeys(r.get("not_applicable", []), r["id"]))
    out: V = {key: {} for key in ("value", "level", "score", "low", "high", "status", "dimension")}
    out |= {"rule": rule, "firing": firing}
    for c in criteria(fw):
        for q in c["questions"]:
            name = q["id"]
            out["value"][name] = "not_applicable" if name in rule else given.get(name, {}).get("value")
        values = [out["value"][q["id"]] for q in c["questions"]]
        known = [v for v in values if v in (1, 2, 3, 4)]
        counted = [v for v in values if v != "not_applicable"]
        out["status"][c["id"]] = "scored" if known else "unknown" if counted else "not_applicable"
        out["score"][c["id"]] = average([p(v) for v in known])
        out["low"][c["id"]] = average([p(v if v in known else 1) for v in counted])
        out["high"][c["id"]] = average([p(v if v in known else 4) for v in counted])
        out["level"][c["id"]] = next(
            (n for n in (1, 2, 3, 4) if known and F(sum(known), len(known)) <= n + F(1, 2)), None
        )
    for d in fw["dimensions"]:
        out["dimension"][d["id"]] = summary(fw, out, [c["id"] for c in d["criteria"]], d["criteria"])
    out["overall"] = total(fw, out)
    return out


def summary(fw: V, out: V, names: list[str], inside: list[V]) -> V:
    values = [out["value"][q["id"]] for c in inside for q in c["questions"]]
    return {
        "raw": average([out["score"][c] for c in names if out["status"][c] == "scored"]),
        "low": average([out["low"][c] for c in names if out["status"][c] != "not_applicable"]),
        "high": average([out["high"][c] for c in names if out["status"][c] != "not_applicable"]),
        **share(fw, values),
    }


def total(fw: V, out: V) -> V:
    parts = list(out["dimension"].values())
    means = {key: average([part[key] for part in parts if part[key] is not None]) for key in ("raw", "low", "high")}
    return means | share(fw, list(out["value"].values()))


def share(fw: V, values: list[Any]) -> V:
    counted = [v for v in values if v != "not_applicable"]
    if not counted:
        return {"unknown_share": None, "flag": "not_applicable"}
    part = F(100 * sum(v in (None, "unknown") for v in counted), len(counted))
    limits = fw["scoring"]
    above = [name for name in ("hidden", "fragile") if part > F(str(limits[f"{name}_above"]))]
    return {"unknown_share": part, "flag": above[0] if above else "ok"}


def stage(fw: V, base: V) -> V:
    essential = [c["id"] for c in criteria(fw) if c["essential"]]
    provisional = [c for c in essential if base["status"][c] == "unknown"]
    top = base["overall"]
    if top["flag"] == "hidden" or top["raw"] is None:
        return {"stage": None, "capped_by": [], "provisional": provisional}
    labels = [s["label"] for s in fw["stages"]]
    reached = sum(top["raw"] >= F(str(s["from"])) for s in fw["stages"]) - 1
    guilty = [c for c in essential if base["level"][c] == 1]
    final = min(reached, labels.index(fw["scoring"]["essential_cap"])) if guilty else reached
    return {"stage": labels[final], "capped_by": guilty if final < reached else [], "provisional": provisional}


def poor_fit(fw: V, base: V) -> bool:
    left = [v for q, v in base["value"].items() if q not in base["rule"]]
    return bool(left) and F(100 * left.count("not_applicable"), len(left)) > F(str(fw["scoring"]["poor_fit_above"]))


def candidates(fw: V, profile: V, given: V, base: V, alerted: list[str]) -> dict[str, V]:
    rules = fw["plan"]
    place = {c["id"]: (n, d["id"]) for n, (d, c) in enumerate((d, c) for d in fw["dimensions"] for c in d["criteria"])}
    cost = {e["id"]: e["cost"] for e in rules["efforts"]}
    found: dict[str, V] = {}
    for c in criteria(fw):
        name, level = c["id"], base["level"][c["id"]]
        alert = name in alerted and not all(q["id"] in base["rule"] for q in c["questions"])
        if not alert and (level not in (1, 2) or name in alerted):
            continue
        brings = c["recommendations"][1 if alert else level]
        serves = profile.get("objective") in c["serves"]
        weight = (100 - F(base["score"][name] or 0)) * (F(3, 2) if serves else 1) * (F(3, 2) if c["essential"] else 1)
        found[name] = {
            "name": name,
            "dimension": place[name][1],
            "brings": brings,
            "alert": alert,
            "key": (
                0 if alert else 1 if c["essential"] and level == 1 else 2,
                -weight / cost[brings["effort"]],
                0 if c["essential"] else 1,
                place[name][0],
            ),
            "shown": {
                "criterion": name,
                "level": 1 if alert else level,
                "gain": r1(gain(fw, profile, given, base, c)),
                "effort": brings["effort"],
                "horizon": brings["horizon"],
                "reason": "alert" if alert else "essential" if c["essential"] else "objective" if serves else "need",
            },
        }
    return found


def planned(fw: V, profile: V, given: V, base: V, alerted: list[str]) -> tuple[list[V], list[V]]:
    rules, found = fw["plan"], candidates(fw, profile, given, base, alerted)
    order: list[V] = []
    waiting = sorted(found.values(), key=lambda one: one["key"])
    while waiting:
        done = [one["name"] for one in order]
        first = next(one for one in waiting if all(a in done for a in one["brings"].get("after", []) if a in found))
        order.append(first)
        waiting = [one for one in waiting if one is not first]
    most = rules["max_actions_small"] if met(rules["small_when"], profile, given) else rules["max_actions"]

    def can(one: V, plan: list[V]) -> bool:
        names = [other["name"] for other in plan]
        same = [other for other in plan if other["dimension"] == one["dimension"]]
        room = one["alert"] or len(same) < rules["max_per_dimension"]
        return len(plan) < most and room and all(a in names for a in one["brings"].get("after", []) if a in found)

    plan: list[V] = []
    for one in order:
        if can(one, plan):
            plan.append(one)
    quick = [one for one in order if one["brings"]["horizon"] == rules["quick_horizon"]]
    if len(plan) == most and not any(one in quick for one in plan):
        for position in range(len(plan) - 1, -1, -1):
            if not plan[position]["alert"]:
                rest = plan[:position] + plan[position + 1 :]
                new = [one for one in quick if one not in plan and can(one, rest)]
                plan = [*rest, new[0]] if new else plan
                break
    return [one["shown"] for one in plan], [one["shown"] for one in order if one not in plan]


def gain(fw: V, profile: V, given: V, base: V, criterion: V) -> F:
    level = base["level"][criterion["id"]]
    if level not in (1, 2):
        return F(0)
    moved = dict(given)
    for q in criterion["questions"]:
        value = base["value"][q["id"]]
        if value in (1, 2) and value <= level:
            moved[q["id"]] = {**given[q["id"]], "value": value + 1}
    raised: F = scores(fw, profile, moved, base["firing"])["overall"]["raw"]
    now: F = base["overall"]["raw"]
    return raised - now


def dimension(d: V, base: V) -> V:
    own = base["dimension"][d["id"]]
    return {
        "id": d["id"],
        "score": None if own["flag"] == "hidden" else r1(own["raw"]),
        **{key: r1(own[key]) for key in ("low", "high", "unknown_share")},
        "flag": own["flag"],
        "criteria": [
            {"id": c["id"], "status": base["status"][c["id"]], "level": base["level"][c["id"]]}
            | {key: r1(base[key][c["id"]]) for key in ("score", "low", "high")}
            | {"questions": [question(q["id"], base) for q in c["questions"]]}
            for c in d["criteria"]
        ],
    }


def question(name: str, base: V) -> V:
    value = base["value"][name]
    points = r1(p(value)) if value in (1, 2, 3, 4) else None
    return {"id": name, "value": value, "points": points, "rule": base["rule"].get(name)}


def by_score(names: list[str], base: V) -> list[str]:
    return sorted(names, key=lambda name: -base["score"][name])


def p(level: int) -> F:
    return (level - 1) * F(100, 3)


def average(numbers: list[F]) -> F | None:
    return sum(numbers, F(0)) / len(numbers) if numbers else None


def r1(number: F | None) -> float | None:
    if number is None:
        return None
    rounded = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return float(rounded) + 0.0
