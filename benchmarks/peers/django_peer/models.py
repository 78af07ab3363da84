"""What the peer in Django keeps."""

from django.db import models


class Submission(models.Model):
    """One questionnaire, sent."""

    name = models.CharField(max_length=200, unique=True)
    answers = models.JSONField()
