/// A table in plain text that fits the terminal: the widest columns are narrowed first.
struct Table {
    /// The alignment of a column.
    enum Alignment { case left, right }

    let headings: [(title: String, alignment: Alignment)]
    private(set) var rows: [[String]] = []

    init(_ headings: (String, Alignment)...) { self.headings = headings.map { ($0.0, $0.1) } }

    mutating func add(_ cells: String...) { rows.append(cells.map(Self.onOneLine)) }

    /// The lines, headings first.
    func lines(for terminal: Terminal) -> [String] {
        let widths = fit(naturalWidths, into: terminal.width)
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

    private func fit(_ widths: [Int], into limit: Int) -> [Int] {
        guard limit > 0 else { return widths }
        var widths = widths
        let room = max(limit - Self.gap * (widths.count - 1), Self.narrowest * widths.count)
        while widths.reduce(0, +) > room, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let cell = cells[column].cut(to: widths[column])
            return headings[column].alignment == .left
                ? cell.padded(to: widths[column]) : cell.indented(to: widths[column])
        }
        let text = padded.joined(separator: String(repeating: " ", count: Self.gap))
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    private static func onOneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
