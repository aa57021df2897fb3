import Foundation
import Synchronization

/// Where output goes: whether it is a terminal, its width, and whether it may be colored.
struct Terminal: Sendable {
    /// Whether standard output is a terminal.
    let isInteractive: Bool
    let isColored: Bool
    /// The columns; 0 if unknown, which means no limit.
    let width: Int

    /// Examines a file descriptor, and `NO_COLOR`, `COLUMNS` and `TERM`.
    static func current(descriptor: Int32 = STDOUT_FILENO, environment: [String: String]) -> Terminal {
        let isInteractive = isatty(descriptor) == 1
        let isDumb = environment["TERM"] == "dumb" || !(environment["NO_COLOR"] ?? "").isEmpty
        return Terminal(
            isInteractive: isInteractive,
            isColored: isInteractive && !isDumb,
            width: isInteractive ? windowWidth(descriptor) ?? Int(environment["COLUMNS"] ?? "") ?? 80 : 0
        )
    }

    private static func windowWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// A color of the terminal's own palette.
    enum Color: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
        case gray = 90
        case bold = 1
    }

    func paint(_ text: String, _ color: Color) -> String {
        isColored ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// Writes to standard error.
func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Writes to standard error after a key was pressed at a terminal, which shows the key (`^C`) in the same line.
func printErrorAfterKey(_ text: String) { printError(isatty(STDERR_FILENO) == 1 ? "\n\(text)" : text) }

extension String {
    /// The number of columns that the text takes: wide characters take two, combining marks none.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// The text cut to a number of columns, with an ellipsis if something is cut off.
    func cut(to limit: Int) -> String {
        guard columns > limit else { return self }
        var used = 1
        var kept = ""
        for character in self {
            guard used + character.columns <= limit else { break }
            used += character.columns
            kept.append(character)
        }
        return kept + "…"
    }

    /// The text cut to a number of columns, with an ellipsis in its middle if something is left out: addresses and names often differ
    /// at their ends.
    func cutInside(to limit: Int) -> String {
        guard columns > limit else { return self }
        let tail = Swift.max(0, limit - 1) / 2
        return start(of: Swift.max(0, limit - 1 - tail)) + "…" + String(String(reversed()).start(of: tail).reversed())
    }

    /// As many characters from the start as fit into a number of columns.
    private func start(of limit: Int) -> String {
        var used = 0
        return String(
            prefix { character in
                used += character.columns
                return used <= limit
            }
        )
    }

    /// The text padded with blanks at its end.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }

    /// The text padded with blanks at its start.
    func indented(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - columns)) + self }
}

extension Character {
    fileprivate var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .format: return 0
        default: break
        }
        // Unicode TR11: the wide blocks of East Asian scripts, Hangul and emoji.
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
