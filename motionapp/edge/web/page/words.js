// What the page says, in English and German, by the language of the browser.

const ENGLISH = {
  cameras: "Cameras", events: "Events", day: "Day", logout: "Log out", skip: "Skip to the content",
  views: "Views", login: "Log in", token: "Token",
  loginHint: "`motionapp edge token` makes one, where the service runs.",
  loggedOut: "You are logged out.",
  "state.starting": "starting", "state.live": "live", "state.stalled": "no picture",
  "state.lost": "lost", "state.disabled": "off",
  moving: "moving", unarmed: "not armed", since: "since {0}", noPicture: "no picture",
  picture: "Newest picture of {0}", livePicture: "Live picture of {0}",
  heatPicture: "Where it has moved in the picture of {0}", eventPicture: "Picture of the event",
  live: "Live", heat: "Heat map", noHeat: "Nothing has moved there yet.",
  facts: "Figures", settings: "Settings", "fact.pictures": "Pictures per second",
  "fact.age": "Newest picture", "fact.dropped": "Left out", "fact.starts": "Started",
  "fact.size": "Size", "fact.written": "Recorded", "fact.written_day": "In 24 hours",
  "fact.state": "State", "fact.why": "Why",
  unrecorded: "Nothing is recorded", "fact.lost": "Events not written down",
  ago: "{0} s old", times: "{0}×",
  enabled: "Watch this camera", sensitivity: "Sensitivity",
  sensitivityHint: "Above 1 sees weaker motion, below 1 only stronger.",
  frontend: "How motion is seen",
  "frontend.absdiff": "differences (fast)", "frontend.flow": "flow", "frontend.pose": "body points",
  "frontend.background": "background",
  save: "Save", saved: "Saved.", back: "Back",
  filters: "Filters", camera: "Camera", label: "Label", kind: "Kind", from: "From", to: "To",
  all: "all", anyLabel: "any", clear: "Clear", more: "Earlier ones", none: "Nothing was found.",
  "kind.motion": "motion", "kind.outage": "outage", "kind.covered": "covered",
  "kind.turned": "turned away", "kind.blurred": "out of focus", "kind.frozen": "frozen",
  open: "goes on", lostEnd: "end unknown", kept: "kept",
  event: "Event {0}", jump: "To the event", noRecording: "There is no recording of it.",
  keep: "Keep it, however old", start: "Start", length: "Length", zone: "Zone", score: "Score",
  recording: "Recording of the event", store: "Save the file",
  date: "Date", before: "Day before", after: "Day after", zoom: "Zoom", hours: "{0} h",
  lane: "Timeline of {0}", instant: "Instant", whyNot: "Why was there no event?",
  askHint: "Tap on the timeline to choose an instant.", near: "Events near {0}",
  noneNear: "No event within five minutes.", dayList: "All of this day ({0})",
  passed: "passed", stopped: "stopped here", trouble: "camera trouble",
  offline: "The service does not answer; trying again.", seconds: "{0} s", minutes: "{0} min",
  "label.bend": "bend", "label.jack": "jumping jack", "label.jump": "jump",
  "label.pjump": "jump on the spot", "label.run": "run", "label.side": "side step",
  "label.skip": "skip", "label.walk": "walk", "label.wave1": "wave", "label.wave2": "wave with both arms",
  "label.fall": "fall", "label.fight": "fight", "label.unknown": "unknown movement",
};

const GERMAN = {
  cameras: "Kameras", events: "Ereignisse", day: "Tag", logout: "Abmelden",
  skip: "Zum Inhalt springen", views: "Ansichten", login: "Anmelden", token: "Schlüssel",
  loginHint: "`motionapp edge token` macht einen, wo der Dienst läuft.",
  loggedOut: "Sie sind abgemeldet.",
  "state.starting": "startet", "state.live": "live", "state.stalled": "kein Bild",
  "state.lost": "verloren", "state.disabled": "aus",
  moving: "Bewegung", unarmed: "nicht scharf", since: "seit {0}", noPicture: "kein Bild",
  picture: "Neuestes Bild von {0}", livePicture: "Livebild von {0}",
  heatPicture: "Wo sich im Bild von {0} etwas bewegt hat", eventPicture: "Bild des Ereignisses",
  live: "Live", heat: "Wärmekarte", noHeat: "Dort hat sich noch nichts bewegt.",
  facts: "Zahlen", settings: "Einstellungen", "fact.pictures": "Bilder pro Sekunde",
  "fact.age": "Neuestes Bild", "fact.dropped": "Ausgelassen", "fact.starts": "Gestartet",
  "fact.size": "Größe", "fact.written": "Aufgezeichnet", "fact.written_day": "In 24 Stunden",
  "fact.state": "Zustand",
  "fact.why": "Grund",
  unrecorded: "Es wird nicht aufgezeichnet", "fact.lost": "Nicht festgehaltene Ereignisse",
  ago: "{0} s alt", times: "{0}×",
  enabled: "Diese Kamera beobachten", sensitivity: "Empfindlichkeit",
  sensitivityHint: "Über 1 sieht schwächere Bewegung, unter 1 nur stärkere.",
  frontend: "Wie Bewegung gesehen wird",
  "frontend.absdiff": "Unterschiede (schnell)", "frontend.flow": "Fluss",
  "frontend.pose": "Körperpunkte", "frontend.background": "Hintergrund",
  save: "Speichern", saved: "Gespeichert.", back: "Zurück",
  filters: "Filter", camera: "Kamera", label: "Bezeichnung", kind: "Art", from: "Von", to: "Bis",
  all: "alle", anyLabel: "beliebig", clear: "Leeren", more: "Frühere",
  none: "Nichts gefunden.",
  "kind.motion": "Bewegung", "kind.outage": "Ausfall", "kind.covered": "verdeckt",
  "kind.turned": "verdreht", "kind.blurred": "unscharf", "kind.frozen": "eingefroren",
  open: "dauert an", lostEnd: "Ende unbekannt", kept: "behalten",
  event: "Ereignis {0}", jump: "Zum Ereignis", noRecording: "Es gibt keine Aufnahme davon.",
  keep: "Behalten, wie alt es auch wird", start: "Beginn", length: "Dauer", zone: "Bereich",
  score: "Sicherheit", recording: "Aufnahme des Ereignisses", store: "Datei speichern",
  date: "Datum", before: "Tag davor", after: "Tag danach", zoom: "Ausschnitt", hours: "{0} h",
  lane: "Zeitleiste von {0}", instant: "Zeitpunkt", whyNot: "Warum war da kein Ereignis?",
  askHint: "Tippen Sie auf die Zeitleiste, um einen Zeitpunkt zu wählen.",
  near: "Ereignisse um {0}", noneNear: "Kein Ereignis innerhalb von fünf Minuten.",
  dayList: "Alle dieses Tages ({0})", passed: "bestanden", stopped: "hier endete es",
  trouble: "Störung der Kamera",
  offline: "Der Dienst antwortet nicht; es wird erneut versucht.", seconds: "{0} s",
  minutes: "{0} min",
  "label.bend": "Bücken", "label.jack": "Hampelmann", "label.jump": "Springen",
  "label.pjump": "Springen am Ort", "label.run": "Laufen", "label.side": "Seitwärtsschritt",
  "label.skip": "Hüpfen", "label.walk": "Gehen", "label.wave1": "Winken", "label.wave2": "Winken mit beiden Armen",
  "label.fall": "Sturz", "label.fight": "Kampf", "label.unknown": "unbekannte Bewegung",
};

export const language = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
const TABLE = language === "de" ? GERMAN : ENGLISH;

export function word(key, ...values) {
  const text = TABLE[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, number) => values[number]);
}

const TIME = new Intl.DateTimeFormat(navigator.language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DATE = new Intl.DateTimeFormat(navigator.language, { weekday: "short", day: "numeric", month: "short" });

export const timeText = (moment) => TIME.format(moment);
export const dateText = (moment) => DATE.format(moment);

export function momentText(moment) {
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? timeText(moment) : `${dateText(moment)}, ${timeText(moment)}`;
}

export function lengthText(seconds) {
  if (seconds < 90) return word("seconds", Math.max(0, seconds).toFixed(seconds < 10 ? 1 : 0));
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return word("minutes", minutes);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
}

// Labels are the network's own: those of the shipped ones have words here, others are read as they are.
export function labelText(event) {
  if (event.kind !== "motion" || event.label === "motion") return word(`kind.${event.kind}`);
  return TABLE[`label.${event.label}`] ?? event.label.replaceAll("_", " ");
}
