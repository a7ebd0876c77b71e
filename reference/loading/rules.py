"""Settings, topics, reasons, qualification types with what they unlock, presets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reference.loading.files import number, read, several
from reference.loading.tables import Row, Table
from reference.models import PresetRule, QualificationType, Reason, Setting, Topic

PER_LANGUAGE = frozenset({"language_fluent", "language_c1"})
SATISFIES = {  # the stricter record also counts as the weaker one
    "german_b2": "german_b1",
    "language_c1": "language_fluent",
    "police_certificate_extended": "police_certificate",
}


def _settings() -> Iterator[Row]:
    for position, line in enumerate(read("settings")):
        yield {
            "code": line["code"],
            "label_de": line["label_de"],
            "label_en": line["label_en"],
            "label_sms": line["label_sms"],
            "setting_class": line["class"],
            "minors_likely": line["minors_likely"] == "yes",
            "interpreting_default": line["interpreting_default"],
            "guidance_default": line["guidance_default"],
            "refusal_text_de": line["refusal_text_de"],
            "position": position,
        }


def _topics() -> Iterator[Row]:
    for position, line in enumerate(read("topics")):
        yield {
            "code": line["code"],
            "label_de": line["label_de"],
            "label_en": line["label_en"],
            "usual_minutes": int(line["usual_minutes"]),
            "is_guidance": line["guidance_topic"] == "yes",
            "position": position,
        }


def _settings_of_topics() -> Iterator[Row]:
    for line in read("topics"):
        for setting in several(line["settings"]):
            yield {"topic_id": line["code"], "setting_id": setting}


def _reasons() -> Iterator[Row]:
    for position, line in enumerate(read("reasons")):
        yield {
            "code": line["code"],
            "kind": line["kind"],
            "label_de": line["label_de"],
            "label_en": line["label_en"],
            "follow_up": line["follow_up"],
            "position": position,
        }


def _qualification_types() -> Iterator[Row]:
    for position, line in enumerate(read("qualification_types")):
        yield {
            "code": line["code"],
            "label_de": line["label_de"],
            "label_en": line["label_en"],
            "role": line["role"],
            "storage": line["storage"],
            "units_default": number(line["units_ue_default"]),
            "validity_months_default": number(line["validity_months_default"]),
            "remind_days": [int(days) for days in several(line["remind_days"])],
            "required_before_first": line["required_before_first"],
            "unlocks_classes": several(line["unlocks_settings_class"]),
            "is_per_language": line["code"] in PER_LANGUAGE,
            "note_de": line["note_de"],
            "position": position,
        }


def _unlocks() -> Iterator[Row]:
    for line in read("qualification_unlocks"):
        yield {"qualificationtype_id": line["qualification"], "setting_id": line["setting"]}


def _satisfies() -> Iterator[Row]:
    for stricter, weaker in SATISFIES.items():
        yield {"from_qualificationtype_id": stricter, "to_qualificationtype_id": weaker}


def _preset_rules() -> Iterator[Row]:
    seen: Counter[tuple[str, str]] = Counter()
    for line in read("pool_presets"):
        rule = (line["preset"], line["rule"])
        yield {
            "preset": line["preset"],
            "rule": line["rule"],
            "position": seen[rule],
            "value": line["value"],
        }
        seen[rule] += 1


RULE_TABLES = (
    Table(Setting, ("code",), _settings),
    Table(Topic, ("code",), _topics),
    Table(Topic.settings.through, ("topic_id", "setting_id"), _settings_of_topics),
    Table(Reason, ("code",), _reasons),
    Table(QualificationType, ("code",), _qualification_types),
    Table(
        QualificationType.unlocks_settings.through,
        ("qualificationtype_id", "setting_id"),
        _unlocks,
    ),
    Table(
        QualificationType.satisfies.through,
        ("from_qualificationtype_id", "to_qualificationtype_id"),
        _satisfies,
    ),
    Table(PresetRule, ("preset", "rule", "position"), _preset_rules),
)
