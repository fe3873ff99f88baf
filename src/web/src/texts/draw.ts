// Texts of the part where territories are drawn.

export const drawFr = {
  title: "Dessiner une révision",
};
export const drawEn: typeof drawFr = {
  title: "Draw a revision",
};
