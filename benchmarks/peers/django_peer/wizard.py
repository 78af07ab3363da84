"""The same questionnaire in Django with django-formtools: a form a page, kept in the session, saved when it is sent."""

import json

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from formtools.wizard.views import NamedUrlSessionWizardView

from django_peer import settings
from django_peer.models import Submission

PAGES = json.loads((settings.FOLDER / "questions.json").read_text("utf-8"))
LONG = 4000


class PageOfQuestions(forms.Form):
    """A page, built from data."""

    def clean(self):
        """Ask why a question does not apply."""
        given = super().clean()
        for question in self.questions:
            name = question["id"]
            if given.get(f"q_{name}") == "not_applicable" and not given.get(f"reason_{name}", "").strip():
                self.add_error(f"reason_{name}", "Dites en une phrase pourquoi elle ne vous concerne pas.")
        return given

    def blocks(self):
        """Return each question with its fields, as the template shows them."""
        for number, question in enumerate(self.questions, start=1):
            name = question["id"]
            if question["kind"] == "levels":
                parts = [self[f"{part}_{name}"] for part in ("evidence", "comment", "unclear")]
                yield {
                    "number": number,
                    "question": question,
                    "field": self[f"q_{name}"],
                    "parts": parts,
                    "reason": self[f"reason_{name}"] if f"reason_{name}" in self.fields else None,
                }
            else:
                yield {"number": number, "question": question, "field": self[f"profile_{name}"]}


class Start(forms.Form):
    """The name."""

    association_name = forms.CharField(label="Nom de votre association", max_length=200)
    email = forms.EmailField(label="Votre adresse mail", required=False)


class Check(forms.Form):
    """Nothing is asked: all answers are shown once more."""


def text(label, hint=""):
    return forms.CharField(
        label=label, help_text=hint, max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def fields_of(question):
    name, options = question["id"], question["options"]
    if question["kind"] == "levels":
        fields = {
            f"q_{name}": forms.ChoiceField(
                label=question["text"],
                choices=options,
                required=False,
                widget=forms.RadioSelect,
                help_text=question["help"],
            ),
            f"evidence_{name}": text("Vos preuves", f"Ce que vous pourriez montrer : {question['evidence']}."),
            f"comment_{name}": text("Vos remarques"),
            f"unclear_{name}": forms.BooleanField(label="Cette question n’est pas claire", required=False),
        }
        if any(code == "not_applicable" for code, _ in options):
            fields[f"reason_{name}"] = forms.CharField(
                label="Pourquoi n’êtes-vous pas concernés ?", required=False, max_length=LONG
            )
        return fields
    if question["kind"] == "text":
        return {f"profile_{name}": text(question["text"])}
    if question["kind"] == "multiple":
        return {
            f"profile_{name}": forms.MultipleChoiceField(
                label=question["text"], choices=options, required=False, widget=forms.CheckboxSelectMultiple
            )
        }
    widget = forms.Select if len(options) > 20 else forms.RadioSelect
    return {
        f"profile_{name}": forms.ChoiceField(label=question["text"], choices=options, required=False, widget=widget)
    }


def page_form(page):
    fields = {}
    for question in page["questions"]:
        fields |= fields_of(question)
    return type("Page", (PageOfQuestions,), fields | {"questions": page["questions"]})


class Wizard(NamedUrlSessionWizardView):
    """Start, profile, themes, check."""

    def get_template_names(self):
        """Return the template of this step."""
        return ["check.html" if self.steps.current == "check" else "page.html"]

    def get_context_data(self, form, **given):
        """Add the title, and all answers to the check."""
        context = super().get_context_data(form=form, **given)
        step = self.steps.current
        context["title"] = next((page["title"] for page in PAGES if page["id"] == step), "Faire alliance")
        if step == "check":
            context["pages"] = [(page["title"], self.lines(page)) for page in PAGES]
        return context

    def lines(self, page):
        """Return each question of a page with its answer in words and its texts."""
        given = self.get_cleaned_data_for_step(page["id"])
        for question in page["questions"]:
            name, words = question["id"], dict(question["options"])
            value = given.get(f"q_{name}", given.get(f"profile_{name}"))
            chosen = value if isinstance(value, list) else [value]
            beside = [given.get(f"{part}_{name}", "") for part in ("evidence", "comment", "reason")]
            yield (
                question["text"],
                ", ".join(words.get(each, each) for each in chosen),
                [text for text in beside if text],
            )

    def done(self, form_list, form_dict, **given):
        """Keep everything, once."""
        answers = {step: form.cleaned_data for step, form in form_dict.items() if step not in ("start", "check")}
        Submission.objects.create(name=form_dict["start"].cleaned_data["association_name"], answers=answers)
        return redirect("sent")


def sent(request):
    """Say that it is done."""
    return HttpResponse("C’est terminé.")


FORMS = [("start", Start), *((page["id"], page_form(page)) for page in PAGES), ("check", Check)]
WIZARD = Wizard.as_view(FORMS, url_name="step", done_step_name="done")
urlpatterns = [path("sent", sent, name="sent"), path("q/<slug:step>/", WIZARD, name="step")]
