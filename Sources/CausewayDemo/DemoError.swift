/// Why a sample or an emulated tenant cannot be used: one sentence.
package struct DemoError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
