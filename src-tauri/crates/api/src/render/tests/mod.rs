//! Rendering, told as stories: hostile markup, folding, images, plain text, files.
