// Texts of the parts where files are attached and series checked.

export const filesFr = {
  files: { title: "Rattacher un fichier" },
  series: { title: "Vérifier une série" },
};
export const filesEn: typeof filesFr = {
  files: { title: "Attach a file" },
  series: { title: "Check a series" },
};
