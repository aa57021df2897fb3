extension ColumnTarget {
    /// The targets that a person can choose for a column, as `--map` takes them: Causeway's own fields, the attributes that the default
    /// mappings read, and `ignore`. Every other `attributes.KEY` is a target too.
    package static let choices: [String] =
        simple.map(\.name).filter { $0 != "ignore" } + KnownHeaders.attributes.map { ColumnTarget.attribute($0).text }
        + ["ignore"]
}

/// The columns of a file of users, each by itself: the meaning that it has if no other column has the same.
package struct RecognizedColumns: Sendable {
    /// The kind of file; empty for an unknown one.
    package let format: String
    package let columns: [ImportColumn]

    /// Reads the header of a file.
    ///
    /// - Throws: ``ImportFileError`` if it has none.
    package init(path: String) throws {
        let header = try CSVReader(path: path).header.fields
        let (format, targets) = ColumnMap.recognized(header)
        self.format = format?.name ?? ""
        columns = zip(header, targets).map { ImportColumn(header: $0, target: $1.text, note: "") }
    }
}
