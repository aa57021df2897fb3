/// A table in plain text that fits the terminal: the widest columns are narrowed first, and names last. If a name would have to be
/// cut, each row becomes a block of lines with whole values.
struct Table {
    /// What a column holds.
    enum Column {
        case left, right
        /// What identifies the row, at the left.
        case name
        /// A sentence, at the left; it is cut at its end, all else in the middle.
        case sentence
    }

    let headings: [(title: String, column: Column)]
    private(set) var rows: [[String]] = []

    init(_ headings: (String, Column)...) { self.headings = headings.map { ($0.0, $0.1) } }

    mutating func add(_ cells: String...) { rows.append(cells.map(Self.onOneLine)) }

    /// The lines, headings first.
    func lines(for terminal: Terminal) -> [String] {
        guard let widths = fit(naturalWidths, into: terminal.width) else { return blocks(terminal) }
        let head = line(headings.map { $0.title.uppercased() }, widths)
        return [terminal.paint(head, .bold)] + rows.map { line($0, widths) }
    }

    private var naturalWidths: [Int] {
        headings.indices.map { column in
            rows.reduce(headings[column].title.columns) { max($0, $1[column].columns) }
        }
    }

    private static let gap = 2
    private static let narrowest = 6

    /// - Returns: nil if the names do not fit.
    private func fit(_ widths: [Int], into limit: Int) -> [Int]? {
        guard limit > 0 else { return widths }
        var widths = widths
        let room = limit - Self.gap * (widths.count - 1)
        while widths.reduce(0, +) > room {
            let narrowable = widths.indices.filter { headings[$0].column != .name && widths[$0] > Self.narrowest }
            guard let widest = narrowable.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let (cell, width, column) = (cells[index], widths[index], headings[index].column)
            let cut = column == .sentence ? cell.cut(to: width) : cell.cutInside(to: width)
            return column == .right ? cut.indented(to: width) : cut.padded(to: width)
        }
        let text = padded.joined(separator: String(repeating: " ", count: Self.gap))
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// A line for each value that is not empty, and an empty line between rows.
    private func blocks(_ terminal: Terminal) -> [String] {
        let width = (headings.map(\.title.columns).max() ?? 0) + Self.gap
        let blocks = rows.map { row in
            row.indices.filter { !row[$0].isEmpty }.map { index in
                terminal.paint(headings[index].title.uppercased().padded(to: width), .bold) + row[index]
            }
        }
        return Array(blocks.joined(separator: [""]))
    }

    private static func onOneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
