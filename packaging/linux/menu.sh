#!/bin/sh
# Puts a motionapp that lies anywhere into the menu of whoever runs this, with its icon.
#
#   menu.sh add /opt/motionapp/motionapp
#   menu.sh remove
set -eu
id=app.motionapp.Motionapp
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/$id.desktop

case "${1:-}" in
add)
  program=$(readlink -f "${2:?say which program: menu.sh add PATH}")
  [ -f "$program" ] && [ -x "$program" ] || { echo "$program is no program." >&2; exit 2; }
  # In an entry a path is quoted, and what quotes and desktops read as theirs is escaped.
  quoted=$(printf '%s' "$program" | sed 's/\\/\\\\\\\\/g; s/["`$]/\\\\&/g; s/%/%%/g')
  mkdir -p "$share/applications" "$share/metainfo"
  while IFS= read -r line; do
    case "$line" in
    Exec=*) printf 'Exec="%s" gui %%f\n' "$quoted" ;;
    TryExec=*) ;;
    *) printf '%s\n' "$line" ;;
    esac
  done <"$here/$id.desktop" >"$entry"
  cp "$here/$id.metainfo.xml" "$share/metainfo/"
  for picture in "$here"/icons/*.png; do
    size=$(basename "$picture" .png)
    folder=$share/icons/hicolor/${size}x$size/apps
    mkdir -p "$folder"
    cp "$picture" "$folder/$id.png"
  done
  echo "$entry"
  ;;
remove)
  rm -f "$entry" "$share/metainfo/$id.metainfo.xml" "$share"/icons/hicolor/*/apps/$id.png
  ;;
*)
  sed -n 's/^#   //p' "$0" >&2
  exit 2
  ;;
esac
