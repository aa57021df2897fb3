import ArgumentParser

/// Something a person can put right: one sentence that says what is wrong and what to do.
struct UserError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How the program ends; documented in the command-line reference.
enum ExitStatus {
    /// Nothing was done, or not all of it: the message says why.
    static let failed = ExitCode(1)
    /// The work is done but for single objects, which are listed.
    static let withFailures = ExitCode(2)
    /// The guard holds back what is dangerous until a person approves.
    static let awaitingApproval = ExitCode(3)
    /// The tenant does not hold what the directory says.
    static let differs = ExitCode(4)
}
