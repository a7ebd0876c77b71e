"""What fields say when something is wrong with them: the sentences of the forms, for programs."""

from __future__ import annotations

from rest_framework import serializers

ENTER = "Füllen Sie dieses Feld aus."
CHOOSE = "Wählen Sie eine Möglichkeit aus."
NOT_TEXT = "Hier gehört ein Text hin."
NO_INSTANT = "Schreiben Sie den Zeitpunkt mit Zeitzone, zum Beispiel 2026-11-24T14:30:00+01:00."
NOT_A_LIST = "Hier gehört eine Liste hin."
UNKNOWN_FIELD = "Dieses Feld gibt es nicht. Prüfen Sie die Schreibweise."
# By field class, most general first; a message that a field sets itself still wins.
MESSAGES: dict[type[serializers.Field], dict[str, str]] = {  # type: ignore[type-arg]
    serializers.Field: {"required": ENTER, "null": ENTER},
    serializers.CharField: {
        "invalid": NOT_TEXT,
        "blank": ENTER,
        "max_length": "Kürzen Sie den Text auf höchstens {max_length} Zeichen.",
        "min_length": "Geben Sie mindestens {min_length} Zeichen ein.",
    },
    serializers.BooleanField: {"invalid": "Hier gehört true oder false hin."},
    serializers.IntegerField: {
        "invalid": "Geben Sie eine ganze Zahl ein.",
        "min_value": "Geben Sie mindestens {min_value} ein.",
        "max_value": "Geben Sie höchstens {max_value} ein.",
        "max_string_length": "Geben Sie eine ganze Zahl ein.",
    },
    serializers.DateField: {
        "invalid": "Schreiben Sie den Tag so: 2026-11-24",
        "datetime": "Schreiben Sie den Tag so: 2026-11-24",
    },
    serializers.TimeField: {"invalid": "Schreiben Sie die Uhrzeit so: 14:30"},
    serializers.DateTimeField: {
        "invalid": NO_INSTANT,
        "date": NO_INSTANT,
        "make_aware": NO_INSTANT,
        "overflow": NO_INSTANT,
    },
    serializers.ChoiceField: {"invalid_choice": CHOOSE},
    serializers.MultipleChoiceField: {
        "invalid_choice": CHOOSE,
        "not_a_list": NOT_A_LIST,
        "empty": "Wählen Sie mindestens eine Möglichkeit aus.",
    },
    serializers.UUIDField: {"invalid": "Das ist keine Kennung (UUID)."},
    serializers.SlugRelatedField: {"does_not_exist": CHOOSE, "invalid": CHOOSE},
    serializers.ListField: {
        "not_a_list": NOT_A_LIST,
        "empty": "Wählen Sie mindestens eine Möglichkeit aus.",
        "max_length": "Nennen Sie höchstens {max_length}.",
    },
    serializers.ListSerializer: {
        "not_a_list": NOT_A_LIST,
        "max_length": "Nennen Sie höchstens {max_length}.",
    },
    serializers.Serializer: {"invalid": "Hier gehört ein Objekt mit Feldern hin."},
}


def speak_plainly() -> None:
    """Replace the standing messages of the fields by ours. Called once at start-up."""
    for kind, messages in MESSAGES.items():
        standing = getattr(kind, "default_error_messages", {})
        kind.default_error_messages = {**standing, **messages}
