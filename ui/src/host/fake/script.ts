/** The people and letters of the pretend studio: believable words, several languages, nothing of anyone real. */
export interface Persona {
  name: string;
  address: string;
  bulk?: boolean;
}

export interface Letter {
  subject: string;
  /** Turns of the talk: the client first, then the studio, and so on. */
  turns: string[];
  files?: { name: string; media_type: string; size: number }[];
  newsletter?: boolean;
}

export const PEOPLE: Persona[] = [
  { name: "Mara Voss", address: "mara@voss.example" },
  { name: "Jonas Okafor", address: "jonas.okafor@mail.example" },
  { name: "Lea Brandt", address: "lea.brandt@post.example" },
  { name: "Rosa Calderón", address: "rosa@calderon.example" },
  { name: "Tom Wieland", address: "tom.wieland@mail.example" },
  { name: "Nadia Petrov", address: "nadia@petrov.example" },
  { name: "Hiro Kanda", address: "hiro.kanda@mail.example" },
  { name: "Elif Şahin", address: "elif@sahin-studio.example" },
  { name: "Marc Duval", address: "marc.duval@atelier.example" },
  { name: "Amara Nwosu", address: "amara@nwosu.example" },
  { name: "Søren Lykke", address: "soren.lykke@post.example" },
  { name: "Ines Moreira", address: "ines.moreira@mail.example" },
  { name: "Björn Åkesson", address: "bjorn@akesson.example" },
  { name: "Priya Raman", address: "priya.raman@mail.example" },
  { name: "Zoë van Dijk", address: "zoe@vandijk.example" },
  { name: "Ilse Hartung", address: "ilse.hartung@post.example" },
];

export const MACHINES: Persona[] = [
  { name: "Ink & Needle Supplies", address: "billing@inkneedle.example", bulk: true },
  { name: "Studio Collective", address: "news@studiocollective.example", bulk: true },
  { name: "City Parking Office", address: "no-reply@parking.example", bulk: true },
];

export const LETTERS: Letter[] = [
  {
    subject: "Botanical piece for my shoulder",
    turns: [
      "Hi!\n\nI saw the botanical pieces on your page and would love something like it on my shoulder, about 8 cm. Do you have time this month?\n\nMara",
      "Good morning!\n\nAylin could do Thursday at 3 pm, about two hours. Shall I hold it for you?",
      "Thursday at 3 works! Can I bring a friend?",
    ],
    files: [{ name: "fern-reference.jpg", media_type: "image/jpeg", size: 1_240_000 }],
  },
  {
    subject: "Design for the left forearm, second draft",
    turns: [
      "Hello,\n\nthe second draft is lovely. Could the line at the wrist be a little thinner? I attached a sketch of what I mean.",
      "Thinner it is. You will have a new draft by tomorrow noon.",
    ],
    files: [
      { name: "wrist-sketch.png", media_type: "image/png", size: 480_000 },
      { name: "wrist-photo.jpg", media_type: "image/jpeg", size: 910_000 },
      { name: "notes.pdf", media_type: "application/pdf", size: 96_000 },
      { name: "sizes.txt", media_type: "text/plain", size: 1_200 },
      { name: "consent form.docm", media_type: "application/vnd.ms-word", size: 44_000 },
      { name: "invitation.ics", media_type: "text/calendar", size: 800 },
    ],
  },
  {
    subject: "Termin am Samstag verschieben",
    turns: [
      "Guten Morgen,\n\nleider schaffe ich Samstag um elf doch nicht. Geht auch Dienstag ab 16 Uhr?\n\nViele Grüße",
      "Dienstag, 16:30 Uhr passt. Ich habe den Termin umgetragen.",
      "Wunderbar, vielen Dank!",
    ],
  },
  {
    subject: "¿Tienen cita el sábado por la mañana?",
    turns: [
      "Buenos días:\n\n¿tienen alguna cita libre el sábado por la mañana? Sería un diseño pequeño, unos 4 cm.\n\nUn saludo",
    ],
  },
  {
    subject: "Aftercare question",
    turns: [
      "It has been four days and the skin is a bit dry around the edges. Is that normal, and which cream was it again?",
      "That is normal. A thin layer of the panthenol cream, twice a day, and no sun for two weeks.",
    ],
    files: [{ name: "photo-day-4.jpg", media_type: "image/jpeg", size: 2_310_000 }],
  },
  {
    subject: "Guest artist in January: contract and dates",
    turns: [
      "Dear all,\n\nattached is the contract for my two weeks as a guest. The dates are 12 to 23 January. I would need a bench by the window.",
      "Wonderful. The bench by the window is yours; the contract comes back signed tomorrow.",
      "Perfect. See you in January!",
      "One more thing: could I use the autoclave in the mornings?",
    ],
    files: [{ name: "contract-january.pdf", media_type: "application/pdf", size: 214_000 }],
  },
  {
    subject: "Is there parking behind the studio?",
    turns: ["Hello, is there parking behind the studio, and is the door step-free? I come with a pram."],
  },
  {
    subject: "Gutschein für meine Schwester",
    turns: [
      "Hallo,\n\nich möchte meiner Schwester einen Gutschein über 150 € schenken. Kann ich den per Mail bekommen?",
      "Sehr gern. Er liegt als PDF bei, die Rechnung folgt.",
    ],
    files: [{ name: "gutschein-150.pdf", media_type: "application/pdf", size: 88_000 }],
  },
  {
    subject: "Cover-up, old lettering on the ankle",
    turns: [
      "Hi, I have an old lettering on my ankle that I would like to cover. Could you tell me honestly what is possible?",
      "Gladly. A photo in daylight and the size in cm would help us most.",
    ],
  },
  {
    subject: "Question sur la facture",
    turns: [
      "Bonjour,\n\nla facture indique deux séances, mais je n'en ai eu qu'une. Pouvez-vous vérifier ?\n\nMerci",
      "Vous avez raison, pardon. La facture corrigée est partie.",
    ],
  },
];

export const BULLETINS: Letter[] = [
  {
    subject: "Invoice 20417 is due on 28 November",
    turns: ["Your invoice over 418.20 is due on 28 November. You find it attached."],
    files: [{ name: "invoice-20417.pdf", media_type: "application/pdf", size: 61_000 }],
  },
  {
    subject: "Winter colours are here",
    turns: ["New pigments, softer tones, free delivery this week."],
    newsletter: true,
  },
  {
    subject: "Your permit was renewed",
    turns: ["Your parking permit was renewed until 31 December."],
    newsletter: true,
  },
];
