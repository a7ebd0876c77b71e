"""What we write to coordinators: key → (SMS, subject, e-mail). Figures, never names."""

from __future__ import annotations

COORDINATOR_TEXTS: dict[str, tuple[str, str, str]] = {
    "coordinator_digest": (
        "Heute wartet etwas auf Sie. Alles auf einen Blick: {link}",
        "Lotsenruf: das wartet heute auf Sie",
        """
Guten Tag {vorname},

das wartet heute auf Sie:

Anfragen, die Hilfe brauchen: {anfragen_rot}
Anfragen zum Prüfen: {anfragen_pruefen}
Zugesagte Einsätze, denen etwas fehlt: {einsaetze_gefaehrdet}
Einsätze mit zwei verschiedenen Antworten: {einsaetze_strittig}
Neue Freiwillige: {freiwillige_neu}
Stellen, die warten: {stellen_neu}
Nachrichten, die nicht ankamen: {nachrichten_tot}

Alles auf einen Blick: {link}
""",
    ),
    "coordinator_escalation": (
        "Braucht Hilfe: {sprache}, {wt} {tag} {zeit}. Bitte ansehen: {link}",
        "Braucht Hilfe: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

für diese Anfrage findet die Suche von selbst niemanden mehr, oder die Zeit wird knapp:

{sprache_lang}
{datum_lang}, {zeit} bis {bis} Uhr

Bisher hat sich von der Koordination niemand darum gekümmert. Rufen Sie jemanden an, fragen Sie
einzelne Personen, oder sagen Sie der Stelle ehrlich ab.
{link}
""",
    ),
}

FIGURES = frozenset(
    {
        "anfragen_pruefen",
        "anfragen_rot",
        "einsaetze_gefaehrdet",
        "einsaetze_strittig",
        "freiwillige_neu",
        "nachrichten_tot",
        "stellen_neu",
    }
)
"""Of the digest; a line whose figure is empty is left out."""
