import Algorithms
import CausewayModel

/// The query of a list: its table, conditions and order.
struct ListQuery {
    /// What is listed, with its alias: `users u`.
    let source: String
    /// The column that identifies rows: `u.id`.
    let key: String
    /// Columns by their names in the API.
    let fields: [String: String]
    /// The order if none is requested.
    let standard: ListTerm
    private var conditions: [String] = []
    private(set) var arguments: [SQLValue] = []

    init(_ source: String, key: String, fields: [String: String], standard: ListTerm) {
        (self.source, self.key, self.fields, self.standard) = (source, key, fields, standard)
    }

    mutating func add(_ sql: String, _ values: SQLValue...) { add(sql, values) }

    mutating func add(_ sql: String, _ values: [SQLValue]) {
        conditions.append("(\(sql))")
        arguments += values
    }

    /// - Parameter list: the arguments of the condition.
    mutating func add(_ list: SQLList, _ sql: String) { add(sql, list.arguments) }

    mutating func add(_ column: String, isOneOf values: [SQLValue]) {
        let list = SQLList(values)
        conditions.append("\(column) IN \(list.sql)")
        arguments += list.arguments
    }

    /// A condition over another list's keys.
    ///
    /// - Parameters:
    ///   - sql: the text before the list.
    ///   - end: the text after it.
    mutating func add(_ sql: String, _ other: ListQuery, _ end: String = "") {
        conditions.append("\(sql) (SELECT \(other.key) FROM \(other.source)\(other.filter))\(end)")
        arguments += other.arguments
    }

    /// Each word must be part of one of the columns, whatever the letter case of its ASCII letters.
    mutating func add(_ terms: [String], in columns: [String]) {
        for term in terms {
            let pattern = SQLValue.text(term.patternOfPart)
            conditions.append("(" + columns.map { "\($0) LIKE ? ESCAPE '\\'" }.joined(separator: " OR ") + ")")
            arguments += columns.map { _ in pattern }
        }
    }

    /// The rows that this query leaves out.
    var inverse: ListQuery {
        var inverse = self
        inverse.conditions = ["NOT (\(conditions.joined(separator: " AND ")))"]
        return inverse
    }

    var filter: String { conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ") }

    /// The whole order, which ends with the key, so that no two rows are equal in it.
    func terms(_ wanted: [ListOrder]) -> [ListTerm] {
        let known = wanted.compactMap { field in
            fields[field.field].map { ListTerm(column: $0, isDescending: field.isDescending) }
        }
        let isDescending = wanted.last?.isDescending == true && !known.isEmpty
        return (known.isEmpty ? [standard] : known) + [ListTerm(column: key, isDescending: isDescending)]
    }

    /// The number of rows of each group.
    ///
    /// - Parameters:
    ///   - columns: what identifies groups, with their arguments.
    ///   - visit: reads the columns, and the `count`.
    func counts(
        by columns: [String],
        _ values: SQLValue...,
        in transaction: Transaction,
        visit: (SQLRow) throws -> Void
    ) throws {
        let places = columns.indices.map { "\($0 + 1)" }.joined(separator: ", ")
        try transaction.connection.query(
            "SELECT \(columns.joined(separator: ", ")), COUNT(*) AS count FROM \(source)\(filter) GROUP BY \(places)",
            values + arguments,
            visit: visit
        )
    }

    /// The number of rows.
    ///
    /// - Parameter subject: what alone decides about it, if anything does.
    func count(of subject: ListMemory.Subject? = nil, in transaction: Transaction) throws -> Int {
        try transaction.rememberedCount(of: subject, counting, arguments)
    }

    private var counting: String { "SELECT COUNT(*) AS count FROM \(source)\(filter)" }

    /// The number of rows.
    ///
    /// - Parameter limit: where counting ends.
    func count(upTo limit: Int, in transaction: Transaction) throws -> Int {
        try transaction.count(
            "SELECT COUNT(*) AS count FROM (SELECT \(key) FROM \(source)\(filter) LIMIT \(limit)) AS counted",
            arguments
        )
    }

    /// The keys of a page, in order. Only keys, because an index can skip what comes before a deep page.
    ///
    /// - Parameters:
    ///   - subject: what alone decides about the list, if anything does.
    ///   - read: reads the column `key`.
    func keys<Key>(
        _ slice: ListSlice,
        of subject: ListMemory.Subject? = nil,
        in transaction: Transaction,
        as read: (SQLRow) throws -> Key
    ) throws -> [Key] {
        let places = try subject.flatMap { try transaction.places(in: self, slice.order, of: $0) }
        if let places { return try keys(slice, from: places, in: transaction, as: read) }
        var keys: [Key] = []
        try visit(slice, in: transaction) { keys.append(try read($0)) }
        return keys
    }

    /// The keys of a page, and the number of rows. Unless that is remembered, it reads a limited number of rows beyond the page: if the
    /// list ends among them, that counts it, and a slow condition is evaluated once.
    ///
    /// - Parameter subject: what alone decides about the list, if anything does.
    func keysAndCount<Key>(
        _ slice: ListSlice,
        passing ahead: Int,
        of subject: ListMemory.Subject?,
        in transaction: Transaction,
        as read: (SQLRow) throws -> Key
    ) throws -> ([Key], Int) {
        var passed: [Key]?
        let count = try transaction.rememberedCount(of: subject, counting, arguments) {
            let (keys, count) = try keysAndCount(slice, passing: ahead, in: transaction, as: read)
            passed = keys
            return count
        }
        return (try passed ?? keys(slice, of: subject, in: transaction, as: read), count)
    }

    /// The same without memory.
    private func keysAndCount<Key>(
        _ slice: ListSlice,
        passing ahead: Int,
        in transaction: Transaction,
        as read: (SQLRow) throws -> Key
    ) throws -> ([Key], Int) {
        var (keys, passed) = ([Key](), 0)
        let wider = ListSlice(offset: slice.offset, limit: slice.limit + ahead, order: slice.order)
        try visit(wider, in: transaction) { row in
            passed += 1
            if keys.count < slice.limit { keys.append(try read(row)) }
        }
        let hasEnded = passed < wider.limit && (passed > 0 || slice.offset == 0)
        return (keys, hasEnded ? slice.offset + passed : try count(in: transaction))
    }

    private func visit(_ slice: ListSlice, in transaction: Transaction, _ visit: (SQLRow) throws -> Void) throws {
        try self.visit(slice, selecting: "\(key) AS key", in: transaction, visit)
    }

    /// - Parameter selected: the columns of the result.
    func visit(
        _ slice: ListSlice,
        selecting selected: String,
        in transaction: Transaction,
        _ visit: (SQLRow) throws -> Void
    ) throws {
        let order = terms(slice.order).sql(transaction.connection.dialect)
        try transaction.connection.query(
            "SELECT \(selected) FROM \(source)\(filter) ORDER BY \(order) LIMIT ? OFFSET ?",
            arguments + [.integer(Int64(slice.limit)), .integer(Int64(slice.offset))],
            visit: visit
        )
    }
}

extension Transaction {
    /// A page of a list. If only the program can check further conditions, everything is read in order, and rows that do not
    /// match are skipped.
    ///
    /// - Parameters:
    ///   - subject: what alone decides about the list, if anything does.
    ///   - known: the number of rows, if it is known.
    func page<Key, Row: Sendable>(
        _ query: ListQuery,
        _ slice: ListSlice,
        of subject: ListMemory.Subject? = nil,
        count known: Int? = nil,
        key: (SQLRow) throws -> Key,
        rows: ([Key]) throws -> [Row],
        where isWanted: ((Row) -> Bool)? = nil
    ) throws -> ListPage<Row> {
        guard let isWanted else {
            let count = try known ?? query.count(of: subject, in: self)
            return ListPage(count: count, rows: try rows(try query.keys(slice, of: subject, in: self, as: key)))
        }
        var (count, found) = (0, [Row]())
        try forEach(query, slice.order, key: key, rows: rows) { row in
            guard isWanted(row) else { return }
            if count >= slice.offset, found.count < slice.limit { found.append(row) }
            count += 1
        }
        return ListPage(count: count, rows: found)
    }

    /// Visits a whole list. Its keys are read once, its rows a thousand at a time: a scan for each part would skip all parts before
    /// it again.
    func forEach<Key, Row>(
        _ query: ListQuery,
        _ order: [ListOrder] = [],
        key: (SQLRow) throws -> Key,
        rows: ([Key]) throws -> [Row],
        visit: (Row) -> Void
    ) throws {
        let everything = ListSlice(offset: 0, limit: .max, order: order)
        for part in try query.keys(everything, in: self, as: key).chunks(ofCount: 1000) {
            for row in try rows(Array(part)) { visit(row) }
        }
    }
}
