"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention
from reference import models

PUBLIC = Entry("public reference data", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN)

PERSONAL_DATA: Registry = {
    models.Area: PUBLIC,
    models.Language: PUBLIC,
    models.LanguageName: PUBLIC,
    models.LanguagePrompt: PUBLIC,
    models.LanguageSubstitution: PUBLIC,
    models.Municipality: PUBLIC,
    models.Postcode: PUBLIC,
    models.PostcodeMunicipality: PUBLIC,
    models.PresetRule: PUBLIC,
    models.QualificationType: PUBLIC,
    models.Reason: PUBLIC,
    models.Setting: PUBLIC,
    models.Topic: PUBLIC,
}
