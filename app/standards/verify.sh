#!/bin/sh
# Checks a clone of the standards with git and sha256sum alone:  sh verify.sh CLONE [COMMIT YOU WROTE DOWN EARLIER]
# Says what is wrong, a line each, and ends with 1; ends with 0 when everything agrees. docs/verify.md says what it sees.
set -u
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C
clone=${1:-.} witness=${2:-} bad=0 count=0 previous=null end=$(printf '%064d' 0)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
git() { command git -c core.hooksPath=/dev/null -C "$clone" "$@"; }
wrong() { echo "wrong: $*"; bad=1; }
sha() { sha256sum | cut -d' ' -f1; }
ref() { { git rev-parse -q --verify "refs/heads/$1" || git rev-parse -q --verify "refs/remotes/origin/$1"; } 2>/dev/null; }
chain() { git rev-list --first-parent --reverse "$1"; }
trailer() { sed -n "s/^$1: \([0-9a-z]*\)\$/\1/p" "$work/commit"; }
changed() { git diff-tree --no-commit-id -m -r --root --no-renames "$@"; }

git fsck --strict --full --no-dangling --no-progress >"$work/fsck" 2>&1 || wrong "git fsck: $(tail -n 1 "$work/fsck")"
main=$(ref main) || { echo "wrong: no branch main in $clone"; exit 1; }
[ -z "$witness" ] || git merge-base --is-ancestor "$witness" "$main" 2>/dev/null || wrong "$witness is not in this history"

for c in $(chain "$main"); do
  git cat-file commit "$c" >"$work/commit"
  subject=$(sed '1,/^$/d' "$work/commit" | head -n 1)
  name=$(printf '%s\n' "$subject" | sed -n 's/^Publish \([a-z][a-z0-9-]*\) \([0-9][0-9.]*\)$/\1 \2/p')
  [ -n "$name" ] || { wrong "$c is no publication"; continue; }
  code=${name% *} version=${name#* }
  path=manifests/$code/$version.json
  git cat-file blob "$c:$path" >"$work/manifest" 2>/dev/null || { wrong "$c has no $path"; continue; }
  digest=$(sha <"$work/manifest")
  [ "$digest" = "$(trailer Manifest-SHA256)" ] || wrong "$c $path is not the manifest the commit names"
  [ "$(sed -n 's/^ "previous": "\{0,1\}\([0-9a-z]*\)"\{0,1\},$/\1/p' "$work/manifest")" = "$previous" ] || wrong "$c does not follow from the publication before"
  sed -n '/^    "path": /{N;s/.*"path": "\([^"]*\)".*"sha256": "\([^"]*\)".*/\2  \1/p;}' "$work/manifest" >"$work/files"
  [ "$(sha <"$work/files")" = "$(trailer Content-SHA256)" ] || wrong "$c the list of texts is not the one the commit names"
  while read -r said file; do
    [ "$(git cat-file blob "$c:$file" 2>/dev/null | sha)" = "$said" ] || wrong "$c $file is not the text of its manifest"
  done <"$work/files"
  { echo "$path"; cut -d' ' -f3 "$work/files"; sed -n 's/^  "\(standards\/[^"]*\)",\{0,1\}$/\1/p' "$work/manifest"; } | sort >"$work/may"
  foreign=$(changed --name-only "$c" | sort | comm -23 - "$work/may")
  [ -z "$foreign" ] || wrong "$c changes $foreign"
  [ "$(changed --name-status "$c" -- "$path" | cut -c1)" = A ] || wrong "$c changes an older manifest"
  [ "$(git rev-parse -q --verify "refs/tags/std/$code/v$version^{commit}")" = "$c" ] || wrong "$c is not what the tag std/$code/v$version names"
  previous=$digest count=$((count + 1))
done
[ "$(git for-each-ref refs/tags/std | wc -l)" -eq "$count" ] || wrong "there are tags without a publication"

for c in $(records=$(ref records) && chain "$records"); do
  git cat-file commit "$c" >"$work/commit"
  ! changed --name-status "$c" | grep -qv '^A' || wrong "$c changes a record"
  for path in $(changed --name-only "$c" -- log); do
    git cat-file blob "$c:$path" >"$work/segment"
    [ "$(sha <"$work/segment")" = "$(trailer Segment-SHA256)" ] || wrong "$c $path is not what the commit names"
    rm -rf "$work/lines" && mkdir "$work/lines" && (cd "$work/lines" && split -l 1 -a 4 ../segment && truncate -s -1 x* && sha256sum x*) | cut -d' ' -f1 >"$work/hashes"
    sed -n 's/.*"prev":"\([0-9a-f]*\)".*/\1/p' "$work/segment" >"$work/said"
    { echo "$end"; sed '$d' "$work/hashes"; } | cmp -s - "$work/said" || wrong "$c $path the chain of the activity log is broken"
    sed -n 's/.*"data":{"commit":"\([0-9a-f]*\)".*"object":\["publication","\([a-z0-9-]*\) \([0-9.]*\)"\].*"verb":"publication.published"}$/\1 \2 \3/p' "$work/segment" >"$work/told"
    while read -r said code version; do [ "$(git rev-parse -q --verify "refs/tags/std/$code/v$version^{commit}")" = "$said" ] || wrong "$code $version is not the commit $said that the activity log tells of"; done <"$work/told"
    end=$(tail -n 1 "$work/hashes")
    [ "$end" = "$(trailer Audit-Head)" ] || wrong "$c $path does not end where the commit says"
  done
done
[ "$bad" -ne 0 ] || echo "$count publications, $(ref records >/dev/null && chain "$(ref records)" | wc -l || echo 0) records: everything agrees. Newest: $main"
exit "$bad"
