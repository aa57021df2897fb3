/// The last numbers of the sequences that a transaction has used. They are stored at its end: a server keeps every version of a row until
/// then, so each further number would take longer.
final class UsedSequences {
    fileprivate var last: [String: Int64] = [:]
}

extension Transaction {
    /// Takes the next numbers of a sequence.
    ///
    /// - Returns: the first of them.
    func take(_ count: Int64 = 1, of sequence: String) throws -> Int64 {
        let last = try sequences?.last[sequence] ?? lastNumber(of: sequence)
        if let sequences {
            sequences.last[sequence] = last + count
        } else {
            try store(last + count, of: sequence)
        }
        return last + 1
    }

    /// Stores the sequences that were used. Called at the end of the transaction.
    func storeSequences() throws {
        for (sequence, last) in sequences?.last ?? [:] { try store(last, of: sequence) }
    }

    private func lastNumber(of sequence: String) throws -> Int64 {
        let last = try first(
            "SELECT last_value FROM sequences WHERE name = ?\(connection.dialect.rowLock)",
            .text(sequence)
        ) { try $0.integer("last_value") }
        guard let last else { throw StoreError(.unreadable, "The sequence '\(sequence)' is missing.") }
        return last
    }

    private func store(_ last: Int64, of sequence: String) throws {
        try execute("UPDATE sequences SET last_value = ? WHERE name = ?", .integer(last), .text(sequence))
    }
}
