import ArgumentParser

/// An error that a person can correct: one sentence that says what is wrong and what to do.
struct UserError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How the program ends; documented in docs/command-line.md.
enum ExitStatus {
    /// Nothing was done, or not everything: the message says why.
    static let failed = ExitCode(1)
    /// The work is done except for single objects, which are listed.
    static let withFailures = ExitCode(2)
    /// The guard holds back destructive changes until a person approves.
    static let awaitingApproval = ExitCode(3)
    /// The tenant differs from the directory.
    static let differs = ExitCode(4)
}
