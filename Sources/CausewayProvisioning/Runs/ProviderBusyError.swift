/// Why a run does not start: another run of the same provider, perhaps in another process, has not ended yet.
package struct ProviderBusyError: Error, Equatable, CustomStringConvertible {
    package let provider: String

    package init(provider: String) { self.provider = provider }

    package var description: String {
        "Another run of '\(provider)' is in progress; wait until it has ended."
    }
}
