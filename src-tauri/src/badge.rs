//! The number of unread conversations, drawn on the tray's icon: few pixels, so no font, and readable at 22 of them.

/// Digits and the plus sign, three columns by five rows; the highest bit of a row is its left column.
const GLYPHS: [(char, [u8; 5]); 11] = [
    ('0', [0b111, 0b101, 0b101, 0b101, 0b111]),
    ('1', [0b010, 0b110, 0b010, 0b010, 0b111]),
    ('2', [0b111, 0b001, 0b111, 0b100, 0b111]),
    ('3', [0b111, 0b001, 0b111, 0b001, 0b111]),
    ('4', [0b101, 0b101, 0b111, 0b001, 0b001]),
    ('5', [0b111, 0b100, 0b111, 0b001, 0b111]),
    ('6', [0b111, 0b100, 0b111, 0b101, 0b111]),
    ('7', [0b111, 0b001, 0b001, 0b010, 0b010]),
    ('8', [0b111, 0b101, 0b111, 0b101, 0b111]),
    ('9', [0b111, 0b101, 0b111, 0b001, 0b111]),
    ('+', [0b000, 0b010, 0b111, 0b010, 0b000]),
];
/// Red enough to be seen on light and dark panels, with white on it at 5:1.
const GROUND: [u8; 4] = [190, 38, 38, 255];
const INK: [u8; 4] = [255, 255, 255, 255];
const ROWS: usize = 5;
const COLUMNS: usize = 3;

/// A picture as rows of red, green, blue and opacity.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) rgba: Vec<u8>,
    pub(crate) side: usize,
}

impl Picture {
    fn set(&mut self, x: usize, y: usize, colour: [u8; 4]) {
        if x >= self.side {
            return;
        }
        let at = (y * self.side + x) * 4;
        if let Some(pixel) = self.rgba.get_mut(at..at + 4) {
            pixel.copy_from_slice(&colour);
        }
    }
}

/// What stands on the icon for so many; nothing for none.
fn words(count: i64) -> Option<String> {
    match count {
        ..=0 => None,
        1..=99 => Some(count.to_string()),
        _ => Some("99+".into()),
    }
}

/// The picture with the number in its lower right corner.
pub(crate) fn drawn(picture: &Picture, count: i64) -> Picture {
    let mut picture = picture.clone();
    let Some(words) = words(count) else { return picture };
    let side = picture.side;
    let letters = words.chars().count();
    let columns = letters * (COLUMNS + 1) - 1;
    // The number is as large as two thirds of the icon let it be.
    let dot = (side * 2 / 3 / (ROWS + 4)).min(side / (columns + 4)).max(1);
    let (height, width) = (dot * (ROWS + 4), dot * (columns + 4).max(ROWS + 4));
    let (left, top) = (side.saturating_sub(width), side.saturating_sub(height));
    for y in 0..height {
        for x in 0..width {
            if inside(x, y, width, height) {
                picture.set(left + x, top + y, GROUND);
            }
        }
    }
    let begin = left + (width - columns * dot) / 2;
    for (letter, at) in words.chars().zip(0..) {
        let Some((_, rows)) = GLYPHS.iter().find(|(known, _)| *known == letter) else { continue };
        for (bits, row) in rows.iter().zip(0..) {
            for column in (0..COLUMNS).filter(|column| bits >> (COLUMNS - 1 - column) & 1 == 1) {
                let (x, y) = (begin + (at * (COLUMNS + 1) + column) * dot, top + (row + 2) * dot);
                for (dx, dy) in (0..dot).flat_map(|dy| (0..dot).map(move |dx| (dx, dy))) {
                    picture.set(x + dx, y + dy, INK);
                }
            }
        }
    }
    picture
}

/// Whether a point lies in a shape with half circles at both ends.
fn inside(x: usize, y: usize, width: usize, height: usize) -> bool {
    // In half pixels, from the middle of each.
    let (x, y, radius) = (2 * x + 1, 2 * y + 1, height);
    let nearest = x.clamp(radius, 2 * width - radius);
    let (dx, dy) = (x.abs_diff(nearest), y.abs_diff(radius));
    dx * dx + dy * dy <= radius * radius
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(side: usize) -> Picture {
        Picture { rgba: vec![0; side * side * 4], side }
    }

    /// The picture as text: `#` white, `o` the ground, `.` nothing.
    fn seen(picture: &Picture) -> Vec<String> {
        picture
            .rgba
            .chunks(picture.side * 4)
            .map(|row| {
                row.chunks(4)
                    .map(|pixel| match pixel {
                        pixel if pixel == INK => '#',
                        pixel if pixel == GROUND => 'o',
                        _ => '.',
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn nothing_unread_leaves_the_icon_as_it_is() {
        for count in [0, -3] {
            assert_eq!(drawn(&blank(32), count).rgba, blank(32).rgba);
        }
    }

    #[test]
    fn a_number_is_drawn_in_the_corner_and_reads_as_itself() {
        let rows = seen(&drawn(&blank(16), 7));
        let digit: Vec<String> = rows
            .iter()
            .filter(|row| row.contains('#'))
            .map(|row| row.chars().skip(10).take(3).collect())
            .collect();
        assert_eq!(digit, ["###", "oo#", "oo#", "o#o", "o#o"], "{rows:#?}");
        assert!(rows[0].chars().all(|dot| dot == '.'), "the upper half stays the icon's own");
    }

    #[test]
    fn every_count_fits_every_size() {
        for side in [16, 22, 32, 64, 128] {
            for count in [1, 9, 10, 42, 99, 100, 1_000_000] {
                let picture = drawn(&blank(side), count);
                assert_eq!(picture.rgba.len(), side * side * 4);
                let rows = seen(&picture);
                assert!(rows.iter().any(|row| row.contains('#')), "{count} at {side}: {rows:#?}");
                let left = rows.iter().map(|row| row.find('#').unwrap_or(side)).min();
                assert!(left >= Some(1), "{count} at {side} has room at its left: {rows:#?}");
            }
        }
        assert_eq!(words(100).as_deref(), Some("99+"), "more than fits is said to be more");
    }
}
