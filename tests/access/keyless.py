"""Writes that need no key against being sent twice, and why not."""

from __future__ import annotations

from tests.access.of_programs import OF_PROGRAMS

NEEDS_NO_KEY = {
    **{
        line: "its key is a header; tests/web/test_api.py and test_doors.py send it twice"
        for line in OF_PROGRAMS
        if line.startswith("POST")
    },
    "POST /me/telling": "the same choice again is the same choice",
    "POST /inbox/bulk": "each task has a key of its own; tests/web/test_selection.py tries",
    "POST /inbox/views": "the same name again is the same view",
    "POST /inbox/views/<int:view_id>/removal": "what is gone stays gone",
    "POST /signin": "opens a session for whoever knows the password; nothing of the county's",
    "POST /signout": "whoever is signed out is sent to sign in",
    "POST /account/password": "its answer is a new session, which is never kept to be given again",
    "POST /language/<locale>": "the same choice again is the same choice",
    "POST /cases/<int:case_id>/follow": "the same choice again is the same choice",
    "POST /me/sessions/end": "who is signed out already stays so",
    "POST /news/read": "what is read stays read",
    "POST /tasks/<int:assignment_id>/draft": "what is kept already is not kept again",
    "POST /tasks/<int:assignment_id>/draft/removal": "what is gone already stays gone",
    "POST /documents/<int:document_id>/read": "the first reader of a unit counts, no later one",
    "POST /cases/<int:case_id>/read": "the first reader of a unit counts, no later one",
    "POST /tasks/<int:assignment_id>/attachments": "a file that is there is not added again",
    "POST /cases/<int:case_id>/attachments": "a file that is there is not added again",
    "POST /attachments/<int:attachment_id>/withdrawal": "what is withdrawn stays so",
    "POST /post": "the same choice again is the same choice",
    "POST /theme": "the same choice again is the same choice",
    "POST /audit/verification": "writes nothing",
}
"""Sent twice these do nothing twice by their nature; each is shown to."""
