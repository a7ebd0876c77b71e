"""The rules of the pools in words, where each comes from, and a form to set one (K11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from background.clock import now
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.fields import DayField
from pages.forms import Form
from pages.rendering import page
from pools.models import Pool, Rule
from pools.rule_changes import set_rule
from pools.rules import Verdict, rule, setting_verdict
from reference.models import PresetRule, QualificationType, Setting
from reference.presets import preset_titles

NUMBERS = {
    "wave.max_size": "Höchstens so viele Personen auf einmal fragen",
    "wave.interval_minutes_planned": "Minuten bis zur nächsten Runde",
    "wave.interval_minutes_urgent": "Minuten bis zur nächsten Runde, wenn es eilt",
    "undo.minutes": "Minuten, in denen eine Zusage zurückgenommen werden kann",
    "reminder.hours_before": "Stunden vorher erinnern",
    "lead_time.working_days": "Werktage Vorlauf",
    "cap.case_assignments": "Höchstens so viele Einsätze je Fallkennung",
}
LISTS = {
    "required.interpreter": "Nachweise zum Dolmetschen",
    "required.guide": "Nachweise zum Begleiten",
    "required.minors.interpreter": "Zusätzlich, wenn Minderjährige dabei sind",
}
VERDICTS = {
    Verdict.ALLOWED: "möglich",
    Verdict.COORDINATOR: "Koordination entscheidet",
    Verdict.REFUSED: "nicht möglich",
}
KINDS = (("interpret", "interpreting"), ("guide", "guidance"))


class RuleForm(Form):
    """One rule, its value and the day from which it holds."""

    name = forms.ChoiceField(label="Regel")
    value = forms.CharField(
        label="Wert",
        help_text="Eine Zahl. Bei Stellen: möglich, Koordination entscheidet oder nicht möglich.",
        max_length=250,
    )
    since = DayField(label="Gilt ab")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [
            ("", "Bitte auswählen"),
            ("Zahlen", list(NUMBERS.items())),
            (
                "Stellen, zu denen Sie jemanden schicken",
                [
                    (f"setting.{setting.code}.{word}", f"{setting.label_de}: {label}")
                    for setting in Setting.objects.all()
                    for word, label in (("interpreting", "Dolmetschen"), ("guidance", "Begleitung"))
                ],
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """Read the words for what a pool says, and whole numbers."""
        cleaned: dict[str, Any] = super().clean() or {}
        name, value = cleaned.get("name", ""), cleaned.get("value", "").strip()
        if name in NUMBERS and value and not value.isdecimal():
            self.add_error("value", ValidationError("Tragen Sie hier eine ganze Zahl ein."))
        codes = {label.casefold(): verdict.value for verdict, label in VERDICTS.items()}
        if name and name not in NUMBERS and value:
            if value.casefold() in codes:
                cleaned["value"] = codes[value.casefold()]
            else:
                words = ", ".join(VERDICTS.values())
                self.add_error("value", ValidationError(f"Schreiben Sie eines davon: {words}."))
        return cleaned

    def clean_since(self) -> dt.date:
        """A rule never changes what was."""
        since: dt.date = self.cleaned_data["since"]
        if since < localdate(now()):
            raise ValidationError("Eine Regel gilt frühestens ab heute.")
        return since


@audience(Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """Show the rules of one pool on this day, or set one."""
    mine = own.pools(request)
    slug = request.GET.get("pool", "")
    pool = get_object_or_404(mine, slug=slug) if slug else mine[0]
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_rule(pool, **form.cleaned_data)
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, "Die Regel ist gesetzt.")
            return redirect(f"{request.path}?pool={pool.slug}")
    today = localdate(now())
    own_names = set(Rule.objects.valid_on(today).filter(pool=pool).values_list("name", flat=True))
    context = {
        "pool": pool,
        "pools": mine,
        "preset": preset_titles().get(pool.preset, pool.preset),
        "rows": _rows(pool, today, own_names),
        "settings": _settings(pool, today, own_names),
        "coming": Rule.objects.filter(pool=pool, valid__startswith__gt=today).order_by("valid"),
        "form": form,
    }
    return page(request, "coordinator/rules.html", context)


def _rows(pool: Pool, today: dt.date, own_names: set[str]) -> list[tuple[str, str, str]]:
    types = {row.code: row.label_de for row in QualificationType.objects.all()}
    rows = []
    for name, label in {**NUMBERS, **LISTS}.items():
        value = rule(pool, name, today)
        if value is None:
            continue
        words = ", ".join(types.get(code, code) for code in value.split(";")) or "keine Grenze"
        rows.append((label, words, _source(name, own_names)))
    return rows


def _settings(pool: Pool, today: dt.date, own_names: set[str]) -> list[tuple[str, str, str, str]]:
    """Return what the pool says to every setting; where no rule speaks, the setting's own default.

    Only settings that some rule names are asked about one by one.
    """
    named = own_names | set(
        PresetRule.objects.filter(rule__startswith="setting.").values_list("rule", flat=True)
    )
    rows = []
    for setting in Setting.objects.all():
        says = []
        for kind, word in KINDS:
            if f"setting.{setting.code}.{word}" in named:
                verdict = setting_verdict(pool, setting, kind, today)[0]
            else:
                verdict = Verdict(getattr(setting, f"{word}_default"))
            says.append(VERDICTS[verdict])
        is_own = any(f"setting.{setting.code}.{word}" in own_names for _, word in KINDS)
        source = "eigene Regel" if is_own else "Vorgabe"
        rows.append((setting.label_de, says[0], says[1], source))
    return rows


def _source(name: str, own_names: set[str]) -> str:
    return "eigene Regel" if name in own_names else "Vorgabe"
