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
        /// The lease in whose name something was to be written is no longer held.
        case leaseLost
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

    /// The error of a run that goes on after its lease.
    package static let leaseLost = StoreError(
        .leaseLost,
        "This run has lost its lease, and another process may have taken over; nothing more is done here."
    )

    /// The error for an object that does not exist.
    package static func notFound(_ what: String, _ key: String) -> StoreError {
        StoreError(.notFound, "There is no \(what) '\(key)'.")
    }
}
