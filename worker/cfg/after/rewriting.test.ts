import { testCases } from '../../testing/case-tests.testkit.ts';
import { CASES } from './rewriting.cases.ts';
import { RECORDED } from './rewriting.cases.recorded.ts';

testCases('jumps that grow', CASES, RECORDED);
