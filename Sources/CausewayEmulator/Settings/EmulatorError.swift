/// Why a tenant cannot run, in one sentence.
package struct EmulatorError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
