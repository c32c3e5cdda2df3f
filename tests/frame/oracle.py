"""azarashi's reading of a frame and ours, brought to one plain form, so that they can be compared value by value."""

from datetime import datetime

import azarashi

from satwarn.frame.codes import table


def theirs(vector):
    """What azarashi reads: numbers for codes and quantities, text for times, None where it has none."""
    at = datetime.fromisoformat(vector["received"])
    return _plain(azarashi.to_json_dict(azarashi.decode(vector["hex"], "hex", timestamp=at))["data"])


def _plain(node):
    if isinstance(node, list):
        return [_plain(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if "value" in node:
        return _plain(node["value"])
    if "code" in node:
        return int(node["code"])
    if "status" in node:
        return None
    return {key: _plain(entry) for key, entry in node.items()}


def ours(meaning):
    """Our JSON of a frame in azarashi's names."""
    found = {ours_name: meaning[name] for name, ours_name in _SAME.items() if name in meaning}
    kind = meaning["kind"]
    if kind == "null":
        return {}
    if meaning["message_type"] == 44:
        return _extended(meaning)
    codes = meaning["codes"]
    for part, name in (("De", "depth"), ("Ma", "magnitude")):
        if part in codes:
            found[name] = codes[part]
    if "position" in meaning:
        place = meaning["position"] or {"latitude_deg": 0.0, "longitude_deg": 0.0}
        found["position"] = {name: round(place[f"{name}_deg"], 9) for name in ("latitude", "longitude")}
    if "areas" in meaning:
        group = _AREA_GROUP[kind]
        found[group] = [
            {_AREA[kind].get(name, name): value for name, value in area.items()} for area in meaning["areas"]
        ]
    if kind in ("tsunami", "northwest_pacific_tsunami"):
        for area in found["forecasts"]:
            del area["arrival_code"]
    if kind == "nankai_trough":
        found["page"] = {"number": meaning["page"], "total": meaning["pages"], "content_hex": meaning["text"]}
    if kind == "volcano":
        found["activity_time"] = _certain(meaning["activity"], meaning["ambiguity"])
    return found


_SAME = {
    "vn": "version",
    "reported": "report_time",
    "classification": "report_classification",
    "information_type": "information_type",
    "depth_km": "depth",
    "magnitude": "magnitude",
    "epicentre": "epicenter",
    "intensity_lower": "intensity_lower",
    "intensity_upper": "intensity_upper",
    "long_period_lower": "long_period_ground_motion_lower",
    "long_period_upper": "long_period_ground_motion_upper",
    "occurred": "occurrence_time",
    "notifications": "notifications",
    "regions": "target_regions",
    "local_governments": "target_regions",
    "volcano": "volcano",
    "warning": "warning",
    "warning_type": "warning_type",
    "activity": "activity_time",
    "ambiguity": "activity_time_ambiguity",
    "potential": "tsunamigenic_potential",
    "state": "warning_state",
    "serial": "information_serial",
    "reference": "reference_time",
    "reference_type": "reference_time_type",
    "hours_after": "elapsed_time",
    "number": "number",
    "scale": "scale_category",
    "intensity": "intensity_category",
    "pressure_hpa": "central_pressure",
    "wind_m_s": "maximum_wind_speed",
    "gust_m_s": "maximum_gust_wind_speed",
}
_AREA_GROUP = {
    "seismic_intensity": "observations",
    "tsunami": "forecasts",
    "northwest_pacific_tsunami": "forecasts",
    "ash_fall": "forecasts",
    "weather": "warnings",
    "flood": "warnings",
    "marine": "warnings",
}
_AREA = {
    "seismic_intensity": {"prefecture": "region"},
    "tsunami": {},
    "northwest_pacific_tsunami": {},
    "ash_fall": {"local_government": "region", "hours": "elapsed_time"},
    "weather": {},
    "flood": {"level": "warning"},
    "marine": {},
}


def _certain(time, ambiguity):
    if ambiguity >= 6:
        return None
    return f"{time[:10]}T00:00:00Z" if ambiguity == 5 else time


def _ellipse(area):
    return {
        "centre": {name: round(area[name], 6) for name in ("latitude_deg", "longitude_deg")},
        "semi_major_axis_km": round(area["semi_major_km"], 3),
        "semi_minor_axis_km": round(area["semi_minor_km"], 3),
        "azimuth_deg": area["azimuth_deg"],
    }


def _extended(meaning):
    hazard = meaning["hazard"]
    found = {
        "version": meaning["vn"],
        "message_type": meaning["message"],
        **{name: meaning[name] for name in ("country", "severity", "duration", "provider", "onset")},
        "hazard": {"type": hazard, "category": hazard, "definition": hazard},
        "instruction": {
            "library": meaning["library_type"],
            "library_version": meaning["library_version"],
            "content": meaning["instruction"],
        },
    }
    municipality = [meaning["municipality"]] if meaning.get("municipality") else []
    regions = meaning.get("prefectures") or meaning.get("municipalities") or municipality
    if regions:
        found["target_regions"] = [int(region) for region in regions]
    if meaning["ellipse"]:
        found["main_ellipse"] = _ellipse(meaning["ellipse"])
    if meaning["ellipse"] or meaning["setting"]:
        found["specific_settings"] = _settings(meaning)
    if meaning.get("second_area"):
        found["evacuation"] = {"direction": meaning["head_to"], "ellipse": _ellipse(meaning["second_area"])}
    return found


MEASURES = {row.more["field"]: row.more["quantity"].replace(" ", "_") for row in table("quantity")}
_NUMBERS = {MEASURES["D3"], MEASURES["D4"]}
"""Measures that azarashi turns into numbers."""


def _settings(meaning):
    setting, main = meaning["setting"] or {"kind": "refinement"}, meaning["ellipse"]
    match setting["kind"]:
        case "refinement":
            return {"type": 0, "refined_ellipse": _ellipse(_refined(main, setting))}
        case "hazard_centre":
            north, east = (
                main[f"{name}_deg"] + setting[f"{by}_deg"]
                for name, by in (("latitude", "north"), ("longitude", "east"))
            )
            return {"type": 1, "hazard_centre": {"latitude_deg": round(north, 6), "longitude_deg": round(east, 6)}}
        case "second_ellipse":
            names = {"shift": "shift", "factor": "scale_factor", "bearing_deg": "bearing", "instruction": "instruction"}
            return {"type": 2, "second_ellipse": {theirs: setting[name] for name, theirs in names.items()}}
        case "quantities":
            return {"type": 3, "hazard_details": {MEASURES[symbol]: code for symbol, code in setting["codes"]}}


def _refined(main, setting):
    """B1 by hand, from the standard's formulas, beside the one in the product."""
    lengths = [0.2162 * (2500 / 0.2162) ** (i / 31) for i in range(32)]

    def shorter(length, eighths):
        at = min(range(32), key=lambda i: abs(lengths[i] - length))
        return lengths[at] - (lengths[at] - lengths[at - 1]) * eighths / 8 if at else lengths[0] * (1 - eighths / 8)

    return {
        "latitude_deg": main["latitude_deg"] + 180 / 65535 / 8 * setting.get("north", 0),
        "longitude_deg": main["longitude_deg"] + 360 / 131071 / 8 * setting.get("east", 0),
        "semi_major_km": shorter(main["semi_major_km"], setting.get("shorter_major", 0)),
        "semi_minor_km": shorter(main["semi_minor_km"], setting.get("shorter_minor", 0)),
        "azimuth_deg": main["azimuth_deg"],
    }


# ── where we differ on purpose ───────────────────────────────────────────────────────────────────────────────────────

NO_ELLIPSE = {"latitude_deg": -90.0, "longitude_deg": -180.0}


def reconcile(them, us):
    """Takes what differs on purpose out of both readings and names the reasons."""
    reasons = set()
    whole_them, whole_us = dict(them), dict(us)
    for name in {*whole_them, *whole_us}:
        if them.get(name) == us.get(name):
            continue
        for reason, agree in DIFFERENCES.items():
            if agree(name, whole_them, whole_us):
                them.pop(name, None)
                us.pop(name, None)
                reasons.add(reason)
                break
    return reasons


def _year(name, them, us):
    mine, other = us.get(name), them.get(name)
    return (
        name.endswith("_time") and mine and other and mine[4:] == other[4:] and abs(int(mine[:4]) - int(other[:4])) == 1
    )


def _no_ellipse(name, them, us):
    main = them.get("main_ellipse", {})
    return name in ("main_ellipse", "specific_settings") and name not in us and main.get("centre") == NO_ELLIPSE


def _both_areas(name, them, us):
    return name == "target_regions" and name not in them and "main_ellipse" in us


def _nothing(name, them, us):
    return name == "target_regions" and not them.get(name) and not us.get(name)


def _two_lists(name, them, us):
    if name != "instruction" or not isinstance(them[name]["content"], dict):
        return False
    both = them[name]["content"]
    return (both["list_a"] or 0) << 5 | (both["list_b"] or 0) in (us[name]["content"], us[name]["content"] & ~0x1F)


def _special_height(name, them, us):
    if name != "forecasts" or len(them[name]) != len(us[name]):
        return False
    for other, mine in zip(them[name], us[name], strict=True):
        if other["height"] is None and mine["height"] in (13, 14, 15, 511):
            other["height"] = mine["height"]
    return them[name] == us[name]


def _quantities(name, them, us):
    if name != "specific_settings" or us.get(name, {}).get("type") != 3 or them[name]["type"] != 3:
        return False
    details, codes = them[name]["hazard_details"], us[name]["hazard_details"]
    return details.keys() == codes.keys() and all(
        details[label] in (None, codes[label]) or label in _NUMBERS for label in codes
    )


def _no_pressure(name, them, us):
    return name == "central_pressure" and them[name] == 0 and us[name] is None


DIFFERENCES = {
    "the year of a report is the one nearest to the reception, half a year to either side": _year,
    "an ellipse of zeros is none, also for local governments and unknown providers": _no_ellipse,
    "an ellipse and a municipality both count; azarashi shows the ellipse only": _both_areas,
    "an empty area is kept as a code": _nothing,
    "A11 of the international library stays one number here and is two lists there": _two_lists,
    "heights that say 'unknown' stay codes here": _special_height,
    "measures stay codes here; azarashi turns some into numbers and drops unknown ones": _quantities,
    "a pressure of 0 hPa is not known": _no_pressure,
}
