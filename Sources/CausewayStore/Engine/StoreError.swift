/// Why the store could not do something: a code for programs, and human-readable sentences.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    /// The class of the error.
    package enum Code: Sendable {
        /// The file or folder cannot be opened or created, or the server does not answer, which can pass.
        case unavailable
        /// The server of the database does not accept this program, or it or its database does not suit.
        case unsuitable
        /// Another process keeps the database locked.
        case locked
        /// The database may not be written.
        case readOnly
        /// The file is damaged, not a database, or newer than this program.
        case unreadable
        /// No space is left.
        case full
        /// A rule of the schema was broken: something exists already, or is still in use.
        case conflict
        /// There is no such object.
        case notFound
        /// A stored secret cannot be opened with the present key, or there is none.
        case secretKey
        /// The file is a copy that lacks the latest writes.
        case incompleteCopy
        /// A run that has lost its lease wanted to write.
        case leaseLost
        /// Another change of the same object has the turn.
        case turnTaken
        /// Anything else the engine reported.
        case engine
    }

    package let code: Code
    /// What happened and what to do about it.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// The error of a run that continues after it has lost its lease.
    package static let leaseLost = StoreError(
        .leaseLost,
        "This run lost its lease, so it stops here; another process may have taken over."
    )

    /// The error of a change that did not get its turn, or that took so long that another one got it.
    package static let turnTaken = StoreError(.turnTaken, "Other changes of this are in progress; try again.")

    /// The error for an object that does not exist.
    package static func notFound(_ what: String, _ key: String) -> StoreError {
        StoreError(.notFound, "There is no \(what) '\(key)'.")
    }
}
