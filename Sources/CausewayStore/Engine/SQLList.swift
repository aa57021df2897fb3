/// A list of values for `IN`. It is filled up to a power of two, so that lists of all lengths make few different statements: each
/// of those is prepared once and kept.
struct SQLList {
    /// `(?, ?, ?, ?)`.
    let sql: String
    let arguments: [SQLValue]

    init(_ values: [SQLValue]) {
        let size = Self.size(for: values.count)
        sql = "(\(Array(repeating: "?", count: size).joined(separator: ", ")))"
        arguments = values + Array(repeating: values.last ?? .null, count: size - values.count)
    }

    /// The power of two up to which this many values are filled.
    static func size(for count: Int) -> Int {
        var size = 1
        while size < count { size *= 2 }
        return size
    }
}
