/// Why a run did not start: another one of the same provider, maybe of another process, has not ended yet.
package struct RunUnderWay: Error, Equatable, CustomStringConvertible {
    package let provider: String

    package init(provider: String) { self.provider = provider }

    package var description: String {
        "Another run of '\(provider)' is under way; wait until it has ended."
    }
}
