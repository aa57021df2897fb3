/// A table in plain text: the first column at the left, all others at the right.
struct TextTable {
    let headings: [String]
    let rows: [[String]]

    /// The headings first.
    var lines: [String] {
        let widths = headings.indices.map { column in
            ([headings] + rows).map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return ([headings] + rows).map { cells in
            zip(cells, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }
    }
}
