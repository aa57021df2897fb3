/// What lists remember, so that turning their pages does not count or search again. PostgreSQL has to read every row that it counts.
struct ListMemory: Sendable {
    /// What a number depends on.
    enum Subject: Sendable {
        /// Users, groups and memberships. Every change of them is in the journal.
        case directory
        /// Links, and their users and groups.
        case links
    }

    let searches = StateMemory<UserSearch.Key, UserSearch>(capacity: 64)
    private let directory = Lists()
    private let links = Lists()

    private struct Lists: Sendable {
        let counts = StateMemory<SQLStatement, Int>(capacity: 256)
        let places = StateMemory<SQLStatement, ListPlaces>(capacity: 64)
    }

    private func lists(of subject: Subject) -> Lists {
        switch subject {
        case .directory: directory
        case .links: links
        }
    }

    func counts(of subject: Subject) -> StateMemory<SQLStatement, Int> { lists(of: subject).counts }

    func places(of subject: Subject) -> StateMemory<SQLStatement, ListPlaces> { lists(of: subject).places }
}

/// The memory for one transaction, which sees the same state from its first statement to its last.
final class SeenListMemory {
    private let memory: ListMemory
    private var journal: Int64?
    private var links: Int64?

    init(_ memory: ListMemory) { self.memory = memory }

    func count(
        of subject: ListMemory.Subject,
        _ statement: SQLStatement,
        in transaction: Transaction,
        orElse find: () throws -> Int
    ) throws -> Int {
        try memory.counts(of: subject).value(statement, at: state(of: subject, in: transaction), orElse: find)
    }

    func places(of subject: ListMemory.Subject, _ list: SQLStatement, in transaction: Transaction) throws
        -> ListPlaces
    {
        try memory.places(of: subject).value(list, at: state(of: subject, in: transaction)) { ListPlaces() }
    }

    func search(_ key: UserSearch.Key, in transaction: Transaction, orElse find: () throws -> UserSearch) throws
        -> UserSearch
    {
        try memory.searches.value(key, at: state(of: .directory, in: transaction), orElse: find)
    }

    private func state(of subject: ListMemory.Subject, in transaction: Transaction) throws -> ListState {
        let journal = try self.journal ?? transaction.journalEnd()
        self.journal = journal
        guard subject == .links else { return ListState(journal: journal) }
        let links = try self.links ?? transaction.linkChanges()
        self.links = links
        return ListState(journal: journal, links: links)
    }
}

extension Transaction {
    /// The result of a statement that gives one row with the column `count`, from memory if nothing that it depends on has changed.
    ///
    /// - Parameter subject: nil if it depends on anything else: then it is counted.
    func rememberedCount(of subject: ListMemory.Subject?, _ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try rememberedCount(of: subject, sql, arguments) { try count(sql, arguments) }
    }

    /// - Parameter find: gives what the statement would give.
    func rememberedCount(
        of subject: ListMemory.Subject?,
        _ sql: String,
        _ arguments: [SQLValue],
        orElse find: () throws -> Int
    ) throws -> Int {
        guard let memory, let subject else { return try find() }
        let statement = SQLStatement(sql, arguments)
        return try memory.count(of: subject, statement, in: self, orElse: find)
    }

    /// What is known of a search, or what is found now.
    func rememberedSearch(_ key: UserSearch.Key, orElse find: () throws -> UserSearch) throws -> UserSearch {
        try memory.map { try $0.search(key, in: self, orElse: find) } ?? find()
    }
}
