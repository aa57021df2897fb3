/// Why a text is not JSON: what was found, and at which byte.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, as a clause that follows "not valid JSON: ".
    public let problem: String
    /// Where, counted in bytes from the start of the text.
    public let offset: Int

    package init(_ problem: String, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    public var description: String { "not valid JSON: \(problem) at byte \(offset)" }
}
