"""Owns the sentences of every refusal of this room and of the texts it stores. Refuses nothing itself."""

from flask_babel import lazy_gettext as _l

from app.web.reasons import register_reasons

MOVES = {
    "move.wrong_state": _l("This step does not fit where the revision stands now."),
    "move.on_hold": _l("The revision is on hold: %(reason)s"),
    "move.no_permission": _l("None of your roles may do this."),
    "move.owner_only": _l("Only the person who proposed the revision may do this."),
    "move.system_only": _l("This happens by itself when its time has come."),
    "move.reason_missing": _l("Write the reason. It stays in the dossier."),
    "move.clause_missing": _l("Say which clause has to change."),
    "move.clause_unknown": _l("Clause %(clause)s is not part of this revision."),
    "revision.unknown": _l("There is no revision %(number)s."),
    "revision.moved_on": _l("Revision %(number)s has moved on since you opened the page. Look at it again."),
    "revision.unknown_text_version": _l("The revision has no draft %(number)s."),
    "revision.clause_taken": _l("Clause %(clause)s is already being changed in %(number)s."),
    "revision.nothing_changed": _l("No clause has been changed yet."),
    "revision.not_classified": _l(
        "Say for clause %(clause)s whether the change is editorial or changes what people must do."
    ),
    "revision.text_stopped": _l("Clause %(clause)s: %(problem)s"),
    "proposal.title_missing": _l("Say in one sentence what the problem is."),
    "proposal.unknown_clause": _l("The standard has no clause %(clause)s."),
    "note.empty": _l("Write something before you send it."),
}

DRAFTS = {
    "draft.clause_taken": _l("Clause %(clause)s is already being changed in %(number)s."),
    "draft.conflict": _l("Somebody saved this clause while you were writing. Your text is kept."),
    "draft.gone": _l("This draft was discarded while you were writing. Your text is still in the form."),
    "draft.heading_missing": _l("Give the clause a heading."),
    "draft.new_not_retired": _l("Clause %(clause)s is new in this draft. Discard it instead of retiring it."),
    "draft.clause_not_there": _l(
        "Choose a clause of this text; %(clause)s is none of them, or the one you started from."
    ),
    "draft.place_same": _l("%(clause)s stands there already. Choose another place."),
    "draft.split_nowhere": _l("Choose where the new clause begins; both clauses need words."),
    "draft.measure_unknown": _l(
        "A chosen measure belongs to neither clause any more. Look at the measures again."
    ),
    "draft.goes_already": _l("%(clause)s goes with this revision. Keep it first, then change it."),
    "draft.not_in_text": _l("The text of this revision has no clause %(clause)s."),
    "draft.moved_on": _l("%(clause)s was changed since you opened this page. Here is the text as it is now."),
    "draft.all_moved_on": _l(
        "The text was changed since you opened this page. Your words stand in the boxes; look at them, then save again."
    ),
    "draft.only_first_language": _l(
        "Clauses are added and taken away in the standard's first language only."
    ),
    "draft.frame_taken": _l(
        "Chapters and the words before the first clause are already being changed in %(number)s."
    ),
    "draft.no_clause_left": _l("The text has no clause left."),
    "draft.no_text_pasted": _l("Paste the text here first."),
    "draft.chapter_text": _l(
        "The chapter “%(heading)s” has words of its own, which belong to no clause. Add a clause for them."
    ),
    "draft.chapter_empty": _l(
        "The chapter “%(heading)s” has no clause under it. Put one there, or leave the heading out."
    ),
    "draft.none": _l("Clause %(clause)s has not been changed in this draft."),
    "draft.not_writable": _l("The text of %(number)s cannot be changed where the revision stands now."),
    "draft.retire_reason": _l("Say why the clause goes and which one takes its place."),
}

STANDARDS = {
    "standard.unknown": _l("There is no such standard."),
    "standard.unknown_version": _l("The standard has no version %(version)s."),
    "standard.never_published": _l("The standard has not been published yet."),
    "standard.unknown_clause": _l("The standard has no clause %(clause)s."),
    "starter.no_set_chosen": _l("Choose one of the sets."),
    "starter.unknown_set": _l("There is no set called %(value)s."),
    "starter.none_chosen": _l("Tick at least one standard."),
    "starter.unknown": _l("The starter library has no standard %(code)s."),
    "library.revision_open": _l("Standard %(code)s has an open revision; finish it before importing."),
    "publication.key_used": _l("This form was already sent with another text. Open the page again."),
    "publication.superseded": _l("Version %(version)s was overtaken by another publication."),
    "publication.version_taken": _l("There is already a version %(version)s."),
    "pdf.not_available": _l("PDF files cannot be made on this machine: a library or a font is missing."),
    "pdf.too_large": _l("The PDF became too large to make. Nothing was kept."),
    "pdf.failed": _l("The PDF could not be made. Trying again is safe."),
}

DOCUMENTS = {
    "document.bad_attributes": _l("The marks in braces behind the heading cannot be read: %(value)s"),
    "document.bad_clause_id": _l("A clause id is c and two to four digits, such as c07; not %(value)s"),
    "document.bad_form": _l("Write this as small letters, digits and hyphens; not %(value)s"),
    "document.double_id": _l("The id %(id)s stands twice"),
    "document.double_key": _l("This line stands twice in the head"),
    "document.head_too_large": _l("The head of the text is longer than %(limit_bytes)s bytes"),
    "document.heading_in_body": _l(
        "A line that begins with # would become a clause of its own; begin it differently"
    ),
    "document.open_code_block": _l("A block of code is opened and never closed"),
    "document.missing": _l("%(name)s is missing"),
    "document.no_head": _l("The text has no head; its first line must be ---"),
    "document.open_head": _l("The head is never closed; it ends with a line ---"),
    "document.no_text": _l("There is no text"),
    "document.other_title": _l("The title line differs from the title in the head"),
    "document.other_language": _l("The texts belong to different standards or languages: %(value)s"),
    "document.too_deep": _l("The head is nested deeper than %(limit)s levels"),
    "document.too_large": _l("The text is longer than %(limit_bytes)s bytes"),
    "document.unknown_clause": _l("There is no clause %(clause)s"),
    "document.unknown_key": _l("The head knows no %(name)s"),
    "document.not_a_list": _l("Write a list here"),
    "document.not_a_mapping": _l("Write names with values here"),
    "document.not_a_text": _l("Write a text here"),
    "document.not_a_number": _l("Enter a number, for example 10"),
    "document.above_hundred": _l("A share is at most 100%%; not %(value)s"),
    "document.peak_is_the_value": _l(
        "The value in a peak season is the same as on other days; leave it empty, not %(value)s"
    ),
    "document.not_a_share": _l("Enter a share above 0 and up to 100; not %(value)s"),
    "document.not_in_list": _l("This is none of the possible words"),
    "document.not_months": _l("Enter a whole number of months up to %(most)s"),
    "document.not_yaml": _l("The head cannot be read"),
    "document.yaml_alias": _l("The head must not refer to itself"),
    "document.yaml_directive": _l("The head must not hold a directive"),
    "document.yaml_tag": _l("The head must not hold a type mark"),
    "markup.too_large": _l("The text is longer than %(limit_bytes)s bytes"),
    "markup.too_nested": _l("More than %(limit)s brackets, lists or quotes stand inside each other"),
    "text.too_long": _l("The text is longer than %(limit_bytes)s bytes"),
    "text.bidi": _l(
        "Remove the character %(character)s: it makes the text read differently from what is stored"
    ),
    "text.control": _l("Remove the invisible character %(character)s"),
    "text.surrogate": _l("Remove the broken character %(character)s"),
    "text.noncharacter": _l("Remove the character %(character)s, which no text may hold"),
    "name.empty": _l("Enter a name"),
    "name.mixed_scripts": _l("The name mixes letters that look alike: %(scripts)s"),
}

WORDS = {
    "words.missing": _l("Write the word."),
    "words.no_reason": _l("Say why the word is not used; drafters read it."),
    "words.better_is_forbidden": _l("The better word is on the list itself, or holds the forbidden one."),
    "words.no_use_reason": _l("Say why this clause needs the word."),
    "words.unknown": _l("There is no word with the number %(number)s."),
}

STORE = {
    "store.locked": _l("Somebody else is publishing. Try again in %(seconds)s seconds."),
    "store.diverged": _l(
        "Archive and database contradict each other. Reading goes on; an administrator must decide."
    ),
    "store.missing": _l("The archive is not there."),
    "store.unreadable": _l("The archive cannot be read at %(name)s."),
    "store.no_commit": _l("The archive has no such version."),
    "store.bad_name": _l("%(name)s is no name for the archive."),
    "store.config_changed": _l("The settings of the archive were changed from outside."),
    "store.does_not_sync": _l("The archive's disk does not keep what is written."),
    "store.git_failed": _l("The archive did not answer. Trying again is safe."),
    "store.folder_not_empty": _l("The folder %(folder)s is not empty. Choose a new or empty one."),
    "store.git_too_old": _l("The archive needs a newer program: at least %(least)s."),
    "manifest.bad_value": _l("The record of the publication holds a value that cannot be kept."),
    "manifest.foreign_file": _l("The publication names a file that is not part of the standard."),
    "manifest.unknown_schema": _l("The record of the publication has an unknown form."),
    "manifest.unreadable": _l("The record of the publication cannot be read."),
}

WORDING = {
    "wording.vague_word": _l("“%(word)s” names no limit; write a number"),
    "wording.number_without_unit": _l("%(number)s has no unit"),
    "wording.half_width": _l("%(count)s half-width punctuation marks"),
    "wording.peak_not_in_text": _l("The measure says %(value)s for peak seasons and the text does not"),
    "wording.measure_not_in_text": _l("The measure says %(value)s and the text does not"),
    "wording.dead_reference": _l("%(clause)s does not exist"),
    "wording.forbidden_word": _l("The law forbids “%(word)s” in texts that customers read"),
    "wording.house_word": _l("We do not use “%(word)s” (%(reason)s); use another word or record why"),
    "wording.number_elsewhere": _l("%(quantity)s still stands in %(place)s"),
    "wording.number_elsewhere_public": _l(
        "%(quantity)s still stands in %(place)s, which customers read on the public page"
    ),
    "wording.number_outside": _l("%(quantity)s still stands in %(text)s"),
    "wording.number_other_language": _l("%(quantity)s still stands here; the other language changed it"),
    "wording.contradicts": _l("The measure says %(value)s; for the same contacts %(place)s says %(other)s"),
    "wording.never_say": _l("“%(word)s” is among the phrases never to say in %(place)s"),
    "wording.promise_without_measure": _l("The clause is a promise and has no measure"),
    "wording.limit_without_measure": _l("The text names %(quantity)s but there is no measure for it"),
    "wording.heading_missing": _l(
        "The text in this language has no heading; readers do not see it until it has one"
    ),
    "wording.translation_missing": _l("The text in the other language is missing"),
    "wording.translation_out_of_date": _l("The text in the other language is out of date"),
}

for _table in (MOVES, DRAFTS, STANDARDS, DOCUMENTS, WORDS, STORE, WORDING):
    register_reasons(_table)
